import type { EventRecord, StatusView } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';
import type { San } from './san.ts';

/** What is waited for at most, in milliseconds, under emulation. */
const SERVED_AGAIN = 300_000;
const BOTH_CURRENT = 900_000;

/** When each phase of a failover ended, by this machine's clock; undefined where it was not seen. */
export interface Phases {
  readonly cut: number;
  readonly detected: number | undefined;
  readonly fenced: number | undefined;
  readonly promoted: number | undefined;
  readonly exported: number | undefined;
}

export const otherThan = (node: StorageNodeName): StorageNodeName =>
  storageNodeNames.find((name) => name !== node) ?? node;

export async function primaryOf(san: San): Promise<StorageNodeName> {
  const primary = (await san.status()).pools[0]?.primary;
  const node = storageNodeNames.find((name) => name === primary);
  if (node === undefined) throw new LabError('command-failed', 'no node is primary', 'See `keelson status`.');
  return node;
}

/** Waits until this node serves, by its own word. */
export const servedBy = (san: San, node: StorageNodeName): Promise<unknown> =>
  san.waitFor(
    `${node} serves`,
    SERVED_AGAIN,
    (status) => status.serving && status.pools.every(({ primary }) => primary === node),
    node,
  );

/** Pulls the power cord of the node that serves, and waits until the other one serves. */
export async function cutPrimary(lab: Lab, san: San, node: StorageNodeName): Promise<Phases> {
  const survivor = otherThan(node);
  const events: { readonly event: EventRecord; readonly at: number }[] = [];
  const listening = new AbortController();
  await san.follow(survivor, listening.signal, (event, at) => events.push({ event, at }));
  const cut = Date.now();
  await lab.node(node).powerCut();
  await servedBy(san, survivor);
  listening.abort();
  const first = (isIt: (event: EventRecord) => boolean): number | undefined =>
    events.find(({ event, at }) => at >= cut && isIt(event))?.at;
  const last = (isIt: (event: EventRecord) => boolean): number | undefined =>
    events.findLast(({ event, at }) => at >= cut && isIt(event))?.at;
  const succeeded = (operation: string, prefix: string) => (event: EventRecord) =>
    event.kind === 'resource.changed' &&
    event.message.startsWith(`${operation} of ${prefix}`) &&
    event.message.endsWith('succeeded');
  return {
    cut,
    detected: first(({ kind }) => kind === 'node.lost'),
    fenced: first(({ kind }) => kind === 'fencing.confirmed'),
    promoted: first(succeeded('promote', 'drbd-')),
    exported: last(succeeded('start', 'address-')),
  };
}

/** Waits until both nodes are online and hold the current data. */
export async function bothCurrent(lab: Lab, san: San): Promise<void> {
  for (const node of storageNodeNames) if (!lab.node(node).isPowered()) await lab.node(node).powerOn();
  const isWhole = (status: StatusView): boolean => {
    const disks = status.pools.flatMap((pool) => Object.values(pool.disks));
    return (
      status.serving &&
      status.survivesFailure &&
      disks.length > 1 &&
      disks.every((disk) => disk === 'UpToDate')
    );
  };
  // Either node may be asked next: both have to say so.
  for (const node of storageNodeNames)
    await san.waitFor('both copies UpToDate, and a failure would be survived', BOTH_CURRENT, isWhole, node);
}
