import type { StatusView } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';
import type { StorageNodeName } from '../lab/topology.ts';
import { otherThan, primaryOf } from './failover.ts';
import type { San } from './san.ts';

/** A node goes dark and boots, under emulation, in milliseconds. */
const TEST = 900_000;
/** What serves moves to the other node, in milliseconds. */
const MOVE = 300_000;

/** As a person would with the command line: each node goes dark and comes back, served by the other one. */
export async function proveFencing(lab: Lab, san: San, progress: Progress): Promise<void> {
  const first = otherThan(await primaryOf(san));
  await testNode(lab, san, first, progress);
  const second = otherThan(first);
  const keelson = (words: readonly string[]): Promise<string> =>
    lab.node(first).demand(['keelson', ...words], { timeout: MOVE });
  progress(`${first}: keelson node standby ${second}`);
  await keelson(['node', 'standby', second]);
  await san.waitFor(`${first} serves`, MOVE, ({ pools }) => pools.every(({ primary }) => primary === first));
  await testNode(lab, san, second, progress);
  await keelson(['node', 'online', second]);
  await san.waitFor('a failure would be survived', MOVE, ({ survivesFailure }) => survivesFailure);
}

async function testNode(lab: Lab, san: San, node: StorageNodeName, progress: Progress): Promise<void> {
  const tester = otherThan(node);
  const isTested = async (): Promise<boolean> =>
    (await san.status(tester)).nodes.some(
      ({ name, fenceDevices }) => name === node && fenceDevices.every(({ proof }) => proof !== undefined),
    );
  if (await isTested()) return;
  progress(`${tester}: keelson fence test ${node}`);
  const said = await lab.node(tester).demand(['keelson', 'fence', 'test', node], { timeout: TEST });
  progress(said.trim());
  // As the node that was away tells it: whoever asks it next is answered.
  const isWhole = ({ pools }: StatusView): boolean =>
    pools.every(({ disks }) => Object.values(disks).every((disk) => disk === 'UpToDate'));
  await san.waitFor(`both copies UpToDate, and ${node} answers`, TEST, isWhole, node);
}
