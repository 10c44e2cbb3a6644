import type { Moment } from '../moments.ts';
import type { Random } from '../random.ts';
import { begin, blow, link, type BlowName, type Chain, type Link, type Where } from './chain.ts';
import { anyMachine, type Fault } from './fault.ts';

const dying: readonly BlowName[] = ['powerCut', 'powerCut', 'blackout', 'engineKill'];
const leaving: readonly BlowName[] = ['powerCut there', 'engineKill there', 'clusterCut'];
/** Who hears what, and in which view. */
const parting: readonly BlowName[] = [
  'clusterCut',
  'clusterCut',
  'silence',
  'silence there',
  'engineKill',
  'engineKill there',
  'engineKill there',
  'corosyncCrash',
  'corosyncCrash there',
  'enginePause',
  'enginePause there',
  'powerCut there',
  'slowNetwork',
];
const asking: readonly BlowName[] = ['change', 'change there', 'manyChanges', 'manyChanges there'];

/** What may matter just then. */
const fitting: Readonly<Record<Moment, readonly BlowName[]>> = {
  'an engine starts': [...parting, ...asking, ...asking, 'powerCut there'],
  'a view begins': [...parting, ...asking, ...asking, 'powerCut'],
  'a ring is told': [...parting, ...asking, ...asking],
  'a state is told': [...parting, ...asking],
  'a state is heard': [...parting, ...asking, 'powerCut'],
  'an order is sent': [...parting, 'powerCut'],
  'an order is heard': [...parting, 'powerCut'],
  'an operation begins': [...parting, 'powerCut', 'agentsPause'],
  'a deed ends': [...parting, ...dying],
  'a volume is removed': [...parting, ...dying],
  'a result is told': [...parting, 'powerCut'],
  'a look begins': ['agentsPause', 'agentsPause', 'standby', 'engineKill there', 'clusterCut'],
  'a change is proposed': [...parting, 'badDisk', 'badDisks', 'manyChanges', 'powerCut'],
  'a deletion is heard': ['badDisks', 'badDisk', 'badDisk there', ...parting],
  'a change is acknowledged': [...dying, 'clusterCut', 'powerCut there'],
  'a write begins': [...dying, ...dying, ...leaving],
  'a write ends': [...dying, ...leaving],
  'a write is told': [...parting, ...asking],
  'the disk is written anew': [...dying, ...leaving, 'change', 'change there'],
  'the claim is proposed': ['powerCut', 'engineKill', 'badDisk', 'powerButton there'],
  'the claim is written': ['powerCut', 'powerCut', 'engineKill', 'powerButton there'],
  'DRBD asks': ['powerCut', 'powerCut', 'engineKill', 'badBoards', 'powerCut there', 'clusterCut'],
  'DRBD is answered': ['powerCut', 'powerCut', 'engineKill', 'powerButton there'],
  'a fencing is ordered': ['engineKill', 'badBoards', 'powerCut', ...asking],
  'a board has switched off': ['powerButton', 'powerButton', 'powerCut there', 'engineKill there'],
  'a fencing is confirmed': ['badDisk', 'powerCut', 'engineKill', 'powerButton there', ...asking],
};
const moments = Object.keys(fitting) as Moment[];

/** What makes many moments longer. */
const before: readonly BlowName[] = [
  'slowNetwork',
  'slowNetwork',
  'badDisk',
  'badDisks',
  'badBoards',
  'badBoards',
  'clusterCut',
  'replicationCut',
  'change',
  'manyChanges',
  'deletion',
  'standby',
  'agentsPause',
  'engineKill',
];

/** One thing, or two at once. */
const some = (random: Random, names: readonly BlowName[]): readonly BlowName[] =>
  Array.from({ length: random.chance(0.35) ? 2 : 1 }, () => random.pick(names));

function anyLink(random: Random, where: Where): Link {
  const moment = random.pick(moments);
  return link(random, moment, where, some(random, fitting[moment]));
}

function anyChain(random: Random): Chain {
  const first = random.chance(0.5) ? [blow(random, random.pick(before))] : [];
  const links = [anyLink(random, 'anywhere')];
  while (links.length < 3 && random.chance(0.4))
    links.push(anyLink(random, random.pick(['here', 'there', 'anywhere'])));
  return { first, links };
}

/** Not at a time, but at a moment at which it may matter; then perhaps at another one. */
export const moment: Fault = {
  weight: 8,
  strike: (world, random, later) => begin(world, anyMachine(world, random), anyChain(random), later),
};
