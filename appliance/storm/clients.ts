import { randomInt } from 'node:crypto';
import type { San } from '../trial/san.ts';
import type { StormAction, StormWish } from './call.ts';
import { perform, type StormRecord } from './client.ts';

/** Few, so that clients meet; all of them at their largest are more than the lab's pool has. */
const LUNS = 16;
const MIB = 2 ** 20;
/** MiB; multiples of LVM's extents. */
const SIZES = [16, 20, 32, 48, 64] as const;
/** Of each LUN. */
const SNAPSHOTS = ['first', 'second'] as const;

export const stormHosts = ['storm-1', 'storm-2', 'storm-3'] as const;
export const initiatorOf = (host: string): string => `iqn.2026-11.com.example:${host}`;
export const stormLuns: readonly string[] = Array.from({ length: LUNS }, (_, turn) => `storm-${turn + 1}`);

const ofAny = <Item>(items: readonly Item[]): Item => items[randomInt(items.length)] as Item;
const size = (): number => ofAny(SIZES) * MIB;
const access = (): 'read-only' | 'read-write' => (randomInt(3) === 0 ? 'read-only' : 'read-write');

const hosts = (): StormWish['access'] =>
  Object.fromEntries(stormHosts.filter(() => randomInt(2) === 0).map((host) => [host, access()] as const));

function anyAction(): StormAction {
  const dice = randomInt(100);
  if (dice < 30) return { kind: 'create', size: size(), thin: randomInt(2) === 0, access: hosts() };
  if (dice < 45) return { kind: 'delete', withSnapshots: randomInt(2) === 0 };
  if (dice < 60) return { kind: 'grow', size: size() };
  if (dice < 72) return { kind: 'snapshot', snapshot: ofAny(SNAPSHOTS) };
  if (dice < 80) return { kind: 'drop', snapshot: ofAny(SNAPSHOTS) };
  if (dice < 92) return { kind: 'map', host: ofAny(stormHosts), access: access() };
  return { kind: 'unmap', host: ofAny(stormHosts) };
}

/** So many clients, so many calls each, one after the other; every tenth is sent a second time. */
export async function storm(
  san: San,
  { clients, calls }: { readonly clients: number; readonly calls: number },
): Promise<StormRecord> {
  const record: StormRecord = { calls: [], seen: [], strange: [] };
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let turn = 0; turn < calls; turn += 1) {
        const [lun, action] = [ofAny(stormLuns), anyAction()];
        await perform(san, record, lun, action);
        if (randomInt(10) === 0) await perform(san, record, lun, action);
      }
    }),
  );
  return record;
}
