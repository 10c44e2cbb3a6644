import { failed, failure, portalText, type Result } from '../../../model/index.ts';
import type { Step, World } from '../step.ts';
import { done } from '../wait.ts';

const PORT = 3260;
/** An address that has just moved is known to all switches after seconds. Milliseconds. */
const PATIENCE = 60_000;

/** Asked as a host asks, by discovery (RFC 3720, appendix D). Never found done: it is asked at every run. */
export const portals: Step = {
  id: 'portals',
  title: 'Ask every portal, as a host would, whether the target answers',
  isDone: () => false,
  run: async (world) => {
    for (const portal of world.plan.file.target.portals) {
      const asked = await askPortal(world, portal.split('/')[0] ?? '');
      if (!asked.ok) return asked;
    }
    return done;
  },
};

async function askPortal(world: World, address: string): Promise<Result<void>> {
  const { iqn } = world.plan.file.target;
  const end = world.now() + PATIENCE;
  for (;;) {
    const targets = await world.targetsAt(address, PORT);
    if (targets?.includes(iqn) === true) {
      world.tell(`  ${portalText(address)} answers with ${iqn}`);
      return done;
    }
    if (world.now() > end) {
      const how = targets === undefined ? 'does not answer' : 'does not know the target';
      return failed(failure('peer_unreachable', `${portalText(address)} ${how}`));
    }
    await world.pause(2000);
  }
}
