import type { Diagnosis, Looks, NodeFacts } from '../model/index.ts';
import { cardFindings } from './cards.ts';
import { diskFindings } from './disks.ts';
import { hostFindings } from './host.ts';
import { clockFindings } from './pair.ts';
import { pathFindings } from './paths.ts';
import { portFindings } from './ports.ts';
import { remainFindings } from './remains.ts';
import { asDiagnoses, type Found, type Situation } from './situation.ts';

/** What each look was after, for when it failed. */
const words: Readonly<Record<keyof Looks, string>> = {
  release: 'the release of the system',
  machine: 'the kind of machine',
  modules: 'the kernel’s modules',
  drbd: 'the version of DRBD',
  missingPrograms: 'the programs',
  memory: 'the memory',
  swaps: 'the swap devices',
  spaces: 'the free space',
  disks: 'the disks',
  diskNames: 'the lasting names of the disks',
  contents: 'what the disks carry',
  units: 'the system’s services',
  corosync: 'Corosync’s configuration',
  drbdResources: 'DRBD’s configuration',
  drbdMinors: 'the kernel’s DRBD devices',
  target: 'the iSCSI targets',
  lvm: 'LVM’s filter',
  watchdogs: 'the watchdogs',
  clock: 'the clock',
  names: 'what names resolve to',
  cards: 'the network cards',
  ports: 'the ports that are taken',
  paths: 'the ways to the other node',
  owners: 'who answers for the addresses',
  peerClock: 'the clock of the other machine',
};

/** All that one node’s facts say. */
export function diagnoseNode(facts: NodeFacts, situation: Situation): readonly Diagnosis[] {
  const config = situation.config ?? situation.planned;
  const found = [
    ...failedLooks(facts),
    ...hostFindings(facts, situation),
    ...remainFindings(facts, situation),
    ...diskFindings(facts, situation),
    ...cardFindings(facts, { ...situation, config }),
    ...portFindings(facts, situation),
    ...pathFindings(facts, config),
    ...peerFindings(facts, situation),
  ];
  return asDiagnoses(situation.node, found);
}

const failedLooks = ({ looks }: NodeFacts): readonly Found[] =>
  Object.entries(looks).flatMap(([name, look]): Found[] =>
    look.seen ? [] : [['look_failed', `could not look at ${words[name as keyof Looks]}: ${look.why}`]],
  );

/** Of a machine that is no member yet nothing is known but this. */
function peerFindings(facts: NodeFacts, { node, config, peer, planned }: Situation): readonly Found[] {
  if (config !== undefined || planned !== undefined || peer === undefined || !facts.looks.peerClock.seen)
    return [];
  const clock = facts.looks.peerClock.value;
  return clock === undefined
    ? [['peer_not_examined', `the API of ${peer} does not answer`]]
    : clockFindings(node, peer, clock);
}
