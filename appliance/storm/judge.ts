import { lunOfSnapshot, type LunView, type SnapshotView } from '../../src/model/index.ts';
import type { StormCall, StormLun } from './call.ts';
import { outcomesOf, outcomeText } from './outcomes.ts';

const asSeen = (
  { name, size, thin, hosts, readOnlyHosts = [] }: LunView,
  snapshots: readonly SnapshotView[],
): StormLun => ({
  size,
  thin: thin === true,
  access: Object.fromEntries(
    hosts.map((host) => [host, readOnlyHosts.includes(host) ? 'read-only' : 'read-write'] as const),
  ),
  snapshots: snapshots
    .filter(({ lun }) => lun === name)
    .map((snapshot) => snapshot.name.slice(name.length + 1))
    .sort(),
});

/** Where the LUNs and snapshots that the API shows are none that the answers to all calls allow; of each name that was called. */
export function contradictions(
  names: readonly string[],
  calls: readonly StormCall[],
  luns: readonly LunView[],
  snapshots: readonly SnapshotView[],
): readonly string[] {
  const orphans = snapshots.filter(
    (snapshot) => !luns.some(({ name }) => name === lunOfSnapshot(snapshot.name)),
  );
  const wrong = names.flatMap((name) => {
    const present = luns.find((lun) => lun.name === name);
    const is = outcomeText(present && asSeen(present, snapshots));
    const may = outcomesOf(calls.filter(({ lun }) => lun === name)).map(outcomeText);
    if (may.length === 0) return [`${name}: its answers contradict each other`];
    return may.includes(is) ? [] : [`${name} is ${is}; by its answers it is ${may.join(', or ')}`];
  });
  return [...wrong, ...orphans.map(({ name }) => `${name} is there, and its LUN is not`)];
}

/** Identities that two LUNs had: a host would take one for the other. */
export function reused(seen: readonly LunView[]): readonly string[] {
  const bySerial = new Map<string, string>();
  const byNumber = new Map<number, string>();
  const wrong = new Set<string>();
  for (const { name, number, serial } of seen) {
    const first = bySerial.get(serial) ?? `${name} ${number}`;
    if (first !== `${name} ${number}`) wrong.add(`serial ${serial}: ${first}, and ${name} ${number}`);
    bySerial.set(serial, first);
    const owner = byNumber.get(number) ?? serial;
    if (owner !== serial) wrong.add(`number ${number} (${name}): serial ${owner}, and ${serial}`);
    byNumber.set(number, owner);
  }
  return [...wrong];
}
