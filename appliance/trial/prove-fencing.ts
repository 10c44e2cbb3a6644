import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';
import type { StorageNodeName } from '../lab/topology.ts';
import { otherThan, primaryOf } from './failover.ts';
import type { San } from './san.ts';

/** A node goes dark and boots, under emulation, in milliseconds. */
const TEST = 900_000;
/** What serves moves to the other node, or is copied to it, in milliseconds. */
const MOVE = 300_000;

/** As a person would with the command line: each node goes dark and comes back, while the other one serves. */
export async function proveFencing(lab: Lab, san: San, progress: Progress): Promise<void> {
  const first = otherThan(await primaryOf(san));
  const second = otherThan(first);
  const set = async (wish: 'standby' | 'online'): Promise<void> => {
    progress(`${first}: keelson node ${wish} ${second}`);
    await lab.node(first).demand(['keelson', 'node', wish, second], { timeout: MOVE });
  };
  await testNode(lab, san, first, progress);
  await san.waitFor('both copies UpToDate', MOVE, ({ pools }) =>
    pools.every(({ disks }) => Object.values(disks).every((disk) => disk === 'UpToDate')),
  );
  await set('standby');
  await san.waitFor(`${first} serves`, MOVE, ({ pools }) => pools.every(({ primary }) => primary === first));
  await testNode(lab, san, second, progress);
  await set('online');
  await san.waitFor('a failure would be survived', MOVE, ({ survivesFailure }) => survivesFailure);
}

/** Until the node is back, and answers whoever asks it. */
async function testNode(lab: Lab, san: San, node: StorageNodeName, progress: Progress): Promise<void> {
  const tester = otherThan(node);
  progress(`${tester}: keelson fence test ${node}`);
  const said = await lab.node(tester).demand(['keelson', 'fence', 'test', node], { timeout: TEST });
  progress(said.trim());
  await san.waitFor(`${node} answers`, MOVE, ({ synchronised }) => synchronised, node);
}
