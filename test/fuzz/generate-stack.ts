import type { Statement } from './cluster.ts';
import { metaOf, optionsOf, primitiveOf, type Maker, type Part } from './generate-primitives.ts';

/** A mirror with what stands on it: a group, or LUNs side by side. */
export function stackOf(maker: Maker, number: number): Part {
  const { random, nodes, oddness } = maker;
  const drbd = `drbd${number}`;
  const mirror = `mirror${number}`;
  const group = `san${number}`;
  const names = [
    'vg',
    'target',
    ...Array.from({ length: random.between(1, 4) }, (_, index) => `lun${index + 1}`),
    'ip',
  ].map((name) => `${name}${number}`.replace(/(\d)(\d)$/, '$1x$2'));
  const isGroup = random.chance(0.75);
  const follower = isGroup ? group : (names[0] ?? group);
  const score = random.chance(1 - oddness * 5)
    ? 'inf'
    : random.pick(['500', '-1', '-inf', '1000', '-1000', '0']);
  return {
    statements: [
      primitiveOf(maker, drbd, { isPromotable: true }),
      ...names.map((name) => primitiveOf(maker, name)),
      ...membersOf(maker, group, names, isGroup),
      {
        head: `clone ${mirror} ${drbd} meta promotable=true`,
        options: [
          ...(random.chance(0.5) ? ['meta notify=true'] : []),
          ...(random.chance(0.4) ? ['meta interleave=true'] : []),
          ...optionsOf(
            random,
            {
              ordered: ['true'],
              'clone-max': ['2', '1', '3'],
              'promoted-max': ['2'],
              'clone-node-max': ['2'],
              'promoted-node-max': ['2'],
              'globally-unique': ['true'],
              'clone-min': ['1'],
              'target-role': ['Unpromoted', 'Promoted', 'Started', 'Stopped'],
            },
            Math.max(oddness, 0.1),
          ).map((option) => `meta ${option}`),
          ...metaOf(maker, oddness / 2).filter((option) => !option.includes('target-role')),
        ],
      },
      {
        head: `colocation ${group}-with-mirror ${score}: ${follower} ${mirror}${random.chance(0.9) ? ':Promoted' : ''}`,
        options: optionsOf(random, { influence: ['false'] }, oddness),
      },
      {
        head: `order mirror-before-${group} ${random.pick(['Mandatory:', 'Mandatory:', 'Mandatory:', 'Optional:'])} ${mirror}:${random.pick(['promote', 'promote', 'promote', 'start'])} ${follower}:start`,
        options: optionsOf(random, { symmetrical: ['false'] }, oddness),
      },
      ...(random.chance(0.4)
        ? [
            {
              head: `location ${mirror}-prefers ${mirror} rule $role=${random.pick(['Promoted', 'Promoted', 'Unpromoted'])} ${random.pick(['100', '10', 'inf', '-inf'])}: #uname ${random.pick(['eq', 'ne'])} ${random.pick(nodes)}`,
              options: [],
            },
          ]
        : []),
      ...(random.chance(0.3)
        ? [
            {
              head: `location ${group}-prefers ${follower} ${random.pick(['100', '1', 'inf', '-50'])}: ${random.pick(nodes)}`,
              options: [],
            },
          ]
        : []),
    ],
    top: [follower, mirror],
    primitives: [drbd, ...names],
    mirrors: [{ clone: mirror, primitive: drbd }],
    movable: [],
  };
}

function membersOf(
  maker: Maker,
  group: string,
  names: readonly string[],
  isGroup: boolean,
): readonly Statement[] {
  const [first = '', ...others] = names;
  if (isGroup)
    return [
      {
        head: `group ${group} ${names.join(' ')}`,
        options: [
          ...metaOf(maker, maker.oddness),
          ...optionsOf(maker.random, { ordered: ['false'], collocated: ['false'] }, maker.oddness / 3).map(
            (option) => `meta ${option}`,
          ),
        ],
      },
    ];
  return [
    { head: `order ${group}-parts inf: ${first} ( ${others.join(' ')} )`, options: [] },
    { head: `colocation ${group}-together inf: ( ${others.join(' ')} ) ${first}`, options: [] },
  ];
}
