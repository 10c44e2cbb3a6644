import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '../../../src/model/index.ts';
import type { NetworkName } from '../../lab/topology.ts';
import { bothCurrent, primaryOf } from '../../trial/failover.ts';
import { fencedSince, NOTHING_HAPPENS, processes, SERVED_AGAIN, type Scenario } from './scenario.ts';

/** Links between the nodes are cut while both live: exactly one of them may go on. */
const linkCut = (name: string, networks: readonly NetworkName[], what: string): Scenario => ({
  name,
  what,
  run: async (lab, san) => {
    const primary = await primaryOf(san);
    const before = processes(lab);
    const began = Date.now();
    for (const network of networks) await lab.node('san-b').linkDown(network);
    try {
      await san.waitFor(
        'one node was fenced and the other serves',
        SERVED_AGAIN,
        (status) => status.serving && fencedSince(lab, before).length > 0,
      );
      const took = Date.now() - began;
      await wait(NOTHING_HAPPENS);
      const fenced = fencedSince(lab, before);
      const serving = await primaryOf(san);
      const wrong = [
        ...(fenced.length === 1 ? [] : [`${fenced.length} nodes were fenced: ${fenced.join(', ')}`]),
        ...(fenced[0] !== serving ? [] : [`${serving} serves, and was fenced itself`]),
      ];
      const told = `${fenced.join()} fenced, ${serving} (primary before: ${primary}) serves after ${took / 1000} s`;
      return { wrong, told };
    } finally {
      for (const network of networks) await lab.node('san-b').linkUp(network);
      await bothCurrent(lab, san);
    }
  },
});

export const replicationCut = linkCut(
  'replication-cut',
  ['replication'],
  'the replication link is cut while both nodes live',
);
export const bothCut = linkCut(
  'both-cut',
  ['cluster', 'replication'],
  'cluster and replication links are cut while both nodes live: a fence race',
);

/** Corosync goes on by its second link: nothing happens but that it is told. */
export const clusterCut: Scenario = {
  name: 'cluster-cut',
  what: 'the cluster link is cut while both nodes live: the other link carries on',
  run: async (lab, san) => {
    const primary = await primaryOf(san);
    const before = processes(lab);
    const isTold = ({ code }: Problem): boolean => code === 'link_down';
    await lab.node('san-b').linkDown('cluster');
    try {
      const status = await san.waitFor('the status tells of the link', SERVED_AGAIN, ({ problems }) =>
        problems.some(isTold),
      );
      await wait(NOTHING_HAPPENS);
      const wrong = fencedSince(lab, before).map((fenced) => `${fenced} was fenced`);
      if ((await primaryOf(san)) !== primary) wrong.push('there was a failover');
      return { wrong, told: `"${status.problems.find(isTold)?.message ?? ''}"` };
    } finally {
      await lab.node('san-b').linkUp('cluster');
      await bothCurrent(lab, san);
    }
  },
};
