import type { StatusView } from '../../../model/index.ts';
import type { Step, World } from '../step.ts';
import { BOOT, done, untilStatus } from '../wait.ts';

/** What setting the other node up takes. Milliseconds. */
const JOINING = 340_000;

const stateOf = ({ nodes }: StatusView, name: string): string =>
  nodes.find((node) => node.name === name)?.state ?? 'absent';

const isOnline = (status: StatusView, { plan }: World): boolean =>
  stateOf(status, plan.nodes[1]) === 'online';

export const join: Step = {
  id: 'join',
  title: 'Have the other node join it',
  alone: true,
  isDone: isOnline,
  run: async (world) => {
    const { api, plan, tell } = world;
    const [, other] = plan.nodes;
    const body = { code: plan.joinCode, node: other };
    const joined = await api.ask({ method: 'POST', path: '/setup/join', body, timeout: JOINING });
    // An attempt before this one may have come to its end there: then it only has to be waited for.
    const isMember =
      !joined.ok &&
      (joined.failure.code === 'cluster_exists' || joined.failure.code === 'node_already_member');
    if (!joined.ok && !isMember) return joined;
    tell(`  ${other} belongs to a cluster; waiting until it takes part in ${plan.file.name}`);
    const online = await untilStatus(world, BOOT, `${other} is online`, (status) =>
      isOnline(status, world) ? 'yes' : `${other} is ${stateOf(status, other)}`,
    );
    return online.ok ? done : online;
  },
};
