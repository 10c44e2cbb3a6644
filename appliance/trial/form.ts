import type { Lab } from '../lab/lab.ts';
import type { Progress } from '../lab/progress.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';
import { labClusterFile, type LabFencing } from './cluster-file.ts';
import { proveFencing } from './prove-fencing.ts';
import type { San } from './san.ts';

/** Setting a node up starts Corosync and loads modules; under emulation that takes a while (milliseconds). */
const SETUP = 300_000;
/** Node's start under emulation, in milliseconds. */
const API_START = 120_000;
/** The first sync of the whole disk, in milliseconds. */
const FIRST_SYNC = 900_000;

/** Waits until the API of the node answers, whether it belongs to a cluster just now or not. */
export const apiAnswers = (san: San, node: StorageNodeName): Promise<unknown> =>
  san.waitFor(`the API of ${node} answers`, API_START, () => true, node);

export async function apisAnswer(san: San): Promise<void> {
  for (const node of storageNodeNames) await apiAnswers(san, node);
}

/** Founds the cluster on the first node, as a person would with the command line; one that is there is left alone. */
export async function initCluster(
  lab: Lab,
  san: San,
  progress: Progress,
  fencing?: LabFencing,
): Promise<void> {
  await apisAnswer(san);
  if ((await san.status('san-a')).clusterName !== undefined) return;
  progress('san-a: keelson cluster init --file cluster.json');
  const file = JSON.stringify(labClusterFile(lab, fencing), undefined, 2);
  const first = lab.node('san-a');
  await first.demand('umask 077; cat >/root/cluster.json', { input: file });
  await first.demand(['keelson', 'cluster', 'init', '--file', '/root/cluster.json'], { timeout: SETUP });
}

/** Makes one cluster of the two storage nodes, waits for its pool and tests its fencing; what is done is not done again. */
export async function formCluster(
  lab: Lab,
  san: San,
  progress: Progress,
  fencing?: LabFencing,
): Promise<void> {
  await initCluster(lab, san, progress, fencing);
  if ((await san.status('san-b')).clusterName === undefined) {
    const address = lab.node('san-a').address('management');
    const secret = await lab.node('san-a').demand(['keelson', 'cluster', 'join-secret'], { timeout: SETUP });
    progress(`san-b: keelson cluster join --address ${address} --secret-file -`);
    const join = ['keelson', 'cluster', 'join', '--address', address, '--secret-file', '-'];
    await lab.node('san-b').demand(join, { timeout: SETUP, input: secret });
    // The node took over the cluster's token.
    san.forget();
  }
  progress('waiting for the pool: the first sync copies the whole disk');
  await san.waitFor('both copies UpToDate', FIRST_SYNC, (status) => {
    const pool = status.pools[0];
    const disks = Object.values(pool?.disks ?? {});
    return (
      pool?.state === 'ready' &&
      pool.primary !== undefined &&
      disks.length === 2 &&
      disks.every((disk) => disk === 'UpToDate')
    );
  });
  const isProven = (await san.status()).nodes.every(({ fenceDevices }) =>
    fenceDevices.every(({ proof }) => proof !== undefined),
  );
  if (!isProven) await proveFencing(lab, san, progress);
}
