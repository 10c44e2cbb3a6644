import type { Examination, Look, Looks, NodeFacts } from '../../model/index.ts';
import { lookAtContents, lookAtDiskNames, lookAtDisks } from './disks.ts';
import { lookAtDrbd, lookAtDrbdMinors, lookAtModules } from './kernel.ts';
import { lookAtCards, lookAtNames, lookAtPorts } from './network.ts';
import { lookForOwners } from './owners.ts';
import { lookAtPaths } from './paths.ts';
import { lookAtPeerClock } from './peer-clock.ts';
import { look, read, thisMachine, type Place } from './place.ts';
import { lookForPrograms } from './programs.ts';
import {
  lookAtCorosync,
  lookAtDrbdResources,
  lookAtLvm,
  lookAtTarget,
  lookAtUnits,
  lookAtWatchdogs,
} from './remains.ts';
import {
  lookAtClock,
  lookAtMachine,
  lookAtMemory,
  lookAtRelease,
  lookAtSpaces,
  lookAtSwaps,
} from './system.ts';

type Taken = { readonly [Name in keyof Looks]: (place: Place, order: Examination) => Promise<Looks[Name]> };

const taken: Taken = {
  release: lookAtRelease,
  machine: lookAtMachine,
  modules: lookAtModules,
  drbd: lookAtDrbd,
  missingPrograms: (place, { programs }) => lookForPrograms(place, programs),
  memory: lookAtMemory,
  swaps: lookAtSwaps,
  spaces: lookAtSpaces,
  disks: lookAtDisks,
  diskNames: lookAtDiskNames,
  contents: (place, { disks }) => lookAtContents(place, disks),
  units: lookAtUnits,
  corosync: lookAtCorosync,
  drbdResources: lookAtDrbdResources,
  drbdMinors: lookAtDrbdMinors,
  target: lookAtTarget,
  lvm: lookAtLvm,
  watchdogs: lookAtWatchdogs,
  clock: lookAtClock,
  names: (place, { names }) => lookAtNames(place, names),
  cards: lookAtCards,
  ports: lookAtPorts,
  paths: (place, { paths }) => lookAtPaths(place, paths),
  owners: (place, { owners }) => lookForOwners(place, owners),
  peerClock: (_place, { peer }) => (peer === undefined ? Promise.resolve(undefined) : lookAtPeerClock(peer)),
};

/** A node that serves has other things to do. */
const AT_ONCE = 3;

/**
 * Looks at this machine. Nothing is changed, nothing throws, and no look takes longer than its deadline. `version` is
 * Keelson's own.
 */
export async function examine(
  order: Examination,
  version: string,
  place: Place = thisMachine(order.deadline),
): Promise<NodeFacts> {
  const left = Object.entries(taken);
  const looks: [string, Look<unknown>][] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, take] = next;
      looks.push([name, await look<unknown>(() => take(place, order), order.deadline)]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Every name of `taken` is there, with what its look gave: Object.entries forgets which belongs to which.
  const hostName = (await read(place, '/proc/sys/kernel/hostname')).trim();
  return { version, hostName, looks: Object.fromEntries(looks) as unknown as NodeFacts['looks'] };
}
