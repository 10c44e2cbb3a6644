import type { Moment } from '../moments.ts';
import type { Random } from '../random.ts';
import { begin, blow, link, type BlowName, type Where } from './chain.ts';
import { anyMachine, type Fault } from './fault.ts';

/** One of them is done. */
type Choice = readonly BlowName[];
/** Each with its probability. */
type Some = readonly (readonly [number, Choice])[];
type Step = readonly [Moment, Where, Some];

/** Moments that follow from each other in one story; which turn it takes is left to chance. */
const plot = (weight: number, first: Some, ...steps: readonly Step[]): Fault => ({
  weight,
  strike(world, random, later) {
    const machine = anyMachine(world, random);
    const chain = {
      first: drawn(random, first).map((name) => blow(random, name)),
      links: steps.map(([moment, where, some]) => link(random, moment, where, drawn(random, some))),
    };
    return begin(world, machine, chain, later);
  },
});

const drawn = (random: Random, some: Some): readonly BlowName[] =>
  some.flatMap(([probability, choice]) => (random.chance(probability) ? [random.pick(choice)] : []));

/** The two part while they change something; whoever goes on changes more, and dies before the other one is back. */
export const parting = plot(
  2,
  [
    [0.3, ['badBoards', 'slowNetwork', 'badDisk', 'badDisk there']],
    [0.8, ['manyChanges', 'manyChanges', 'change']],
  ],
  [
    'a change is proposed',
    'here',
    [
      [1, ['parted', 'parted', 'clusterCut']],
      [0.4, ['badBoard there']],
      [0.4, ['engineKill', 'engineKill there']],
    ],
  ],
  [
    'a fencing is confirmed',
    'anywhere',
    [
      [1, ['change', 'change', 'manyChanges']],
      [0.3, ['badDisk', 'engineKill']],
    ],
  ],
  ['a change is acknowledged', 'here', [[1, ['powerCut', 'powerCut', 'blackout', 'engineKill']]]],
);

/** One is away while the other one changes something; when it is told, both go again. */
export const returning = plot(
  5,
  [[1, ['powerCut', 'powerCut', 'parted', 'blackout']]],
  [
    'a fencing is confirmed',
    'anywhere',
    [
      [1, ['script', 'script', 'manyChanges']],
      [0.5, ['badDisk there']],
    ],
  ],
  [
    'the disk is written anew',
    'anywhere',
    [
      [0.9, ['engineKill', 'engineKill', 'powerCut']],
      [0.7, ['powerCut there', 'parted', 'engineKill there']],
      [0.3, ['change', 'change there']],
    ],
  ],
);

/** Something is taken away for good, and with the power goes what was only said. */
export const erasing = plot(
  6,
  [
    [0.3, ['change', 'manyChanges']],
    [0.6, ['badDisks', 'badDisks', 'badDisk']],
    [0.4, ['stopsFail']],
    [1, ['deletion', 'deletion there']],
  ],
  ['a deletion is heard', 'anywhere', [[0.5, ['badDisks', 'badDisk', 'deletion']]]],
  ['a volume is removed', 'anywhere', [[1, ['blackout', 'blackout', 'blackout', 'powerCut', 'engineKill']]]],
);

/** Who goes on without its peer dies at once, and the other one comes back first. */
export const surviving = plot(
  3,
  [
    [1, ['replicationCut', 'replicationCut', 'parted', 'powerCut']],
    [0.3, ['badBoards', 'badDisk', 'badDisks']],
  ],
  [
    'DRBD asks',
    'anywhere',
    [
      [0.6, ['powerCut', 'powerCut', 'badDisk', 'engineKill']],
      [0.2, ['badBoards', 'replicationCut']],
    ],
  ],
  [
    'the claim is proposed',
    'anywhere',
    [
      [0.7, ['badDisk', 'badDisk', 'powerCut', 'replicationCut']],
      [0.3, ['powerButton there']],
    ],
  ],
  ['the claim is written', 'anywhere', [[1, ['powerCut', 'powerCut', 'engineKill']]]],
);

/**
 * The network is away just long enough to make a new ring of the same nodes, or of others, and much is asked for while
 * each of them is told so in its own time.
 */
export const interrupting = plot(
  3,
  [
    [1, ['clusterCut', 'clusterCut', 'silence', 'corosyncCrash']],
    [0.5, ['manyChanges', 'manyChanges there']],
  ],
  ['a ring is told', 'anywhere', [[0.7, ['manyChanges there', 'manyChanges there', 'clusterCut']]]],
  ['a write is told', 'anywhere', [[0.7, ['manyChanges', 'manyChanges there', 'engineKill there']]]],
);

/** Everything is to move away from a node that is busy, and meanwhile somebody else comes to give the orders. */
export const moving = plot(
  2,
  [[0.3, ['slowNetwork']]],
  [
    'a look begins',
    'anywhere',
    [
      [0.8, ['agentsPause']],
      [1, ['standby', 'standby', 'standby there']],
    ],
  ],
  [
    'an order is heard',
    'here',
    [[1, ['engineKill there', 'engineKill there', 'clusterCut', 'corosyncCrash there', 'silence']]],
  ],
);

/** Nobody can be switched off for now, and whoever tries is begun anew. */
export const trying = plot(
  2,
  [
    [1, ['badBoards']],
    [0.8, ['clusterCut', 'parted', 'silence', 'engineKill', 'replicationCut']],
  ],
  [
    'a fencing is ordered',
    'anywhere',
    [
      [0.6, ['engineKill', 'corosyncCrash', 'enginePause']],
      [0.6, ['change', 'manyChanges', 'change there', 'manyChanges there']],
    ],
  ],
  ['a board has switched off', 'anywhere', [[0.7, ['powerButton', 'powerButton', 'powerCut there']]]],
);

/** Orders are on their way while it changes who hears them. */
export const ordering = plot(
  3,
  [
    [0.5, ['slowNetwork']],
    [0.9, ['standby', 'standby there', 'manyChanges', 'engineKill', 'powerCut']],
  ],
  [
    'an order is sent',
    'anywhere',
    [
      [
        1,
        [
          'clusterCut',
          'clusterCut',
          'silence',
          'engineKill there',
          'engineKill there',
          'corosyncCrash there',
        ],
      ],
      [0.2, ['enginePause', 'engineKill']],
    ],
  ],
  ['a view begins', 'anywhere', [[0.3, ['change', 'engineKill there', 'clusterCut']]]],
);

/** Something is told, or asked for, or one more comes or goes, while the engines tell each other where they stand. */
export const agreeing = plot(
  3,
  [
    [0.6, ['slowNetwork']],
    [0.9, ['engineKill', 'engineKill', 'clusterCut', 'corosyncCrash']],
    [0.3, ['manyChanges there', 'standby', 'agentsPause']],
  ],
  ['an engine starts', 'anywhere', [[0.8, ['change there', 'manyChanges there', 'enginePause there']]]],
  [
    'a state is told',
    'anywhere',
    [
      [0.7, ['engineKill there', 'engineKill there', 'engineKill', 'clusterCut', 'corosyncCrash', 'silence']],
      [0.3, ['change', 'manyChanges there']],
    ],
  ],
);

/** A board answers late, and what it has switched off is there again before anybody knows that it was. */
export const answering = plot(
  2,
  [
    [1, ['lateBoards']],
    [1, ['replicationCut', 'corosyncCrash', 'clusterCut', 'engineKill']],
  ],
  [
    'a board has switched off',
    'anywhere',
    [
      [1, ['powerButton']],
      [0.3, ['change there', 'engineKill there', 'corosyncCrash there']],
    ],
  ],
);

/** A node is deaf for a while in which what it was doing ends; then it is to do something else. */
export const deafening = plot(
  3,
  [
    [0.2, ['slowNetwork', 'agentsPause']],
    [1, ['change', 'manyChanges', 'standby', 'standby there', 'deletion']],
  ],
  [
    'an operation begins',
    'anywhere',
    [
      [1, ['corosyncCrash']],
      [0.2, ['powerCut there', 'clusterCut', 'engineKill there']],
    ],
  ],
  ['a view begins', 'here', [[0.8, ['standby', 'standby there', 'change', 'deletion']]]],
);

/** The mirror breaks, and one end cannot see that for a while; the other one waits for a fencing that takes its time. */
export const blinding = plot(
  2,
  [
    [1, ['replicationCut']],
    [0.9, ['badBoards', 'badBoards', 'lateBoards']],
    [1, ['agentsPause', 'agentsPause there']],
  ],
  [
    'DRBD asks',
    'anywhere',
    [[0.3, ['agentsPause there', 'engineKill', 'engineKill there', 'corosyncCrash there']]],
  ],
);

/**
 * The end of their last view is heard by one of them only; the other one goes on with few changes of its own, and is not
 * there, or knows nothing any more, when the two meet again. Mostly who goes on was begun anew itself.
 */
export const dividing = plot(
  5,
  [
    [0.6, ['engineKill', 'engineKill there', 'corosyncCrash there']],
    [1, ['burst']],
  ],
  [
    'a change is proposed',
    'here',
    [
      [1, ['parted']],
      [0.6, ['badBoard there']],
      [0.6, ['engineKill there']],
    ],
  ],
  ['a fencing is confirmed', 'there', [[1, ['change', 'deletion']]]],
  ['a change is acknowledged', 'here', [[0.8, ['powerCut', 'powerCut', 'blackout']]]],
  ['an engine starts', 'there', [[1, ['engineKill there']]]],
);

/** Who has heard more than the other one loses its Corosync, and with it its say, and is asked for more at once. */
export const deafened = plot(
  3,
  [
    [0.9, ['badBoards']],
    [1, ['burst']],
  ],
  ['a change is proposed', 'here', [[1, ['ringBroken']]]],
  ['a view begins', 'here', [[1, ['corosyncCrash']]]],
  ['a view begins', 'here', [[0.9, ['badDisk']]]],
  ['the disk is written anew', 'here', [[1, ['script']]]],
);

/** One stands still without knowing it, and is asked for much; when it goes on, the other one has parted from it. */
export const oversleeping = plot(
  2,
  [
    [1, ['corosyncPause']],
    [1, ['script', 'script', 'manyChanges']],
    [0.3, ['engineKill there', 'badBoards']],
  ],
  ['a view begins', 'there', [[0.7, ['manyChanges there', 'script there', 'standby', 'engineKill']]]],
  ['a view begins', 'anywhere', [[0.3, ['manyChanges', 'engineKill', 'clusterCut']]]],
);

/** What was found or done is told just when one engine goes, and before the rest of them agree they part as well. */
export const telling = plot(
  8,
  [
    [0.9, ['slowNetwork']],
    [1, ['standby', 'standby there']],
  ],
  ['an operation begins', 'anywhere', [[0.3, ['standby', 'script', 'enginePause there']]]],
  ['a result is told', 'here', [[1, ['engineKill there', 'engineKill there', 'corosyncCrash there']]]],
  [
    'a view begins',
    'here',
    [[1, ['clusterCut', 'clusterCut', 'silence', 'silence there', 'engineKill there']]],
  ],
);

/** The copy is cut off and somebody wants it to serve; who serves is there, and asks as well, or can just not be asked. */
export const promoting = plot(
  2,
  [
    [1, ['replicationCut', 'replicationCut', 'parted']],
    [0.3, ['agentsPause', 'agentsPause there', 'badBoards', 'engineKill', 'engineKill there']],
    [0.6, ['handPromotion']],
  ],
  [
    'DRBD asks',
    'anywhere',
    [
      [0.8, ['handPromotion']],
      [0.4, ['engineKill', 'engineKill there', 'clusterCut', 'corosyncCrash', 'powerCut']],
    ],
  ],
  ['DRBD is answered', 'anywhere', [[0.5, ['handPromotion', 'powerCut', 'engineKill']]]],
);
