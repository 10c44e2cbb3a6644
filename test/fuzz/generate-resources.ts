import type { Random } from '../simulation/random.ts';
import type { Statement } from './cluster.ts';

/** Resources that belong together, with the names that constraints and histories may use. */
export interface Part {
  readonly statements: readonly Statement[];
  /** What other parts may be ordered and placed with: a group, a clone, a primitive. */
  readonly top: readonly string[];
  readonly primitives: readonly string[];
  /** Promotable clone and its primitive. */
  readonly mirrors: readonly { readonly clone: string; readonly primitive: string }[];
}

/** Each of the names with one of its values, where chance wants it. */
export const optionsOf = (
  random: Random,
  choices: Readonly<Record<string, readonly string[]>>,
  probability = 0.15,
): readonly string[] =>
  Object.entries(choices).flatMap(([name, values]) =>
    random.chance(probability) ? [`${name}=${random.pick(values)}`] : [],
  );

const META = {
  priority: ['5', '10'],
  'resource-stickiness': ['0', '50', '1000', 'INFINITY', '-1'],
  'migration-threshold': ['1', '2', '3'],
  'failure-timeout': ['60s'],
  'is-managed': ['false'],
  maintenance: ['true'],
  'target-role': ['Started', 'Stopped'],
  'multiple-active': ['block', 'stop_only', 'stop_unexpected'],
  requires: ['nothing', 'quorum', 'fencing'],
  'allow-migrate': ['true'],
  critical: ['false'],
} as const;

const ON_FAIL = ['ignore', 'block', 'stop', 'restart', 'fence', 'standby', 'demote'] as const;

const meta = (random: Random, probability: number): readonly string[] =>
  optionsOf(random, META, probability).map((option) => `meta ${option}`);

function operations(random: Random, isPromotable: boolean): readonly string[] {
  const onFail = (words: readonly string[]): string =>
    random.chance(0.15) ? ` on-fail=${random.pick(words)}` : '';
  const restart = ON_FAIL.filter((word) => word !== 'demote');
  const monitors = isPromotable
    ? [
        `op monitor interval=10s role=Promoted${onFail(ON_FAIL)}`,
        `op monitor interval=20s role=Unpromoted${onFail(restart)}`,
      ]
    : [`op monitor interval=10s${onFail(restart)}`];
  return [
    ...monitors.filter(() => random.chance(0.9)),
    ...(random.chance(0.15) ? [`op start interval=0 timeout=60s${onFail(restart)}`] : []),
    ...(random.chance(0.15) ? [`op stop interval=0 timeout=60s${onFail(['ignore', 'block', 'fence'])}`] : []),
    ...(isPromotable && random.chance(0.1) ? [`op promote interval=0${onFail(ON_FAIL)}`] : []),
  ];
}

const primitive = (random: Random, id: string, probability = 0.05, isPromotable = false): Statement => ({
  head: `primitive ${id} ocf:pacemaker:${isPromotable ? 'Stateful' : 'Dummy'}`,
  options: [
    ...operations(random, isPromotable),
    ...meta(random, probability),
    ...(random.chance(0.15) ? [`utilization memory=${random.pick([1, 2])}`] : []),
  ],
});

export function fencing(random: Random, nodes: readonly string[]): Part {
  if (random.chance(0.5))
    return {
      statements: [{ head: 'primitive fencing stonith:fence_dummy', options: ['op monitor interval=60s'] }],
      top: [],
      primitives: ['fencing'],
      mirrors: [],
    };
  return {
    statements: nodes.flatMap((node) => [
      { head: `primitive fence-${node} stonith:fence_dummy`, options: [`params pcmk_host_list=${node}`] },
      { head: `location fence-${node}-away fence-${node} -inf: ${node}`, options: [] },
    ]),
    top: [],
    primitives: nodes.map((node) => `fence-${node}`),
    mirrors: [],
  };
}

/** A mirror with what stands on it: group, or LUNs side by side. */
export function stackOf(random: Random, nodes: readonly string[], number: number): Part {
  const drbd = `drbd${number}`;
  const mirror = `mirror${number}`;
  const names = [
    'vg',
    'target',
    ...Array.from({ length: random.between(1, 4) }, (_, index) => `lun${index + 1}`),
    'ip',
  ].map((name) => `${name}${number}`.replace(/(\d)(\d)$/, '$1x$2'));
  const isGroup = random.chance(0.75);
  const group = `san${number}`;
  const follower = isGroup ? group : (names[0] ?? group);
  const score = random.pick(['inf', 'inf', 'inf', 'inf', '500', '-1', '-inf', '1000']);
  const others: readonly Statement[] = isGroup
    ? [{ head: `group ${group} ${names.join(' ')}`, options: meta(random, 0.04) }]
    : [
        { head: `order ${group}-parts inf: ${names[0] ?? ''} ( ${names.slice(1).join(' ')} )`, options: [] },
        {
          head: `colocation ${group}-together inf: ( ${names.slice(1).join(' ')} ) ${names[0] ?? ''}`,
          options: [],
        },
      ];
  return {
    statements: [
      primitive(random, drbd, 0.04, true),
      ...names.map((name) => primitive(random, name, 0.04)),
      ...others,
      {
        head: `clone ${mirror} ${drbd} meta promotable=true`,
        options: [
          ...optionsOf(random, {
            notify: ['true'],
            interleave: ['true'],
            ordered: ['true'],
            'clone-max': ['2', '1', '3'],
            'promoted-max': ['2'],
            'clone-node-max': ['2'],
            'globally-unique': ['true'],
            'target-role': ['Unpromoted', 'Promoted', 'Started', 'Stopped'],
          }).map((option) => `meta ${option}`),
          ...meta(random, 0.03).filter((option) => !option.includes('target-role')),
        ],
      },
      {
        head: `colocation ${group}-with-mirror ${score}: ${follower} ${mirror}${random.chance(0.9) ? ':Promoted' : ''}`,
        options: optionsOf(random, { influence: ['false'] }, 0.1),
      },
      {
        head: `order mirror-before-${group} ${random.pick(['Mandatory:', 'Mandatory:', 'Mandatory:', 'Optional:'])} ${mirror}:${random.pick(['promote', 'promote', 'promote', 'start'])} ${follower}:start`,
        options: optionsOf(random, { symmetrical: ['false'] }, 0.05),
      },
      ...(random.chance(0.4)
        ? [
            {
              head: `location ${mirror}-prefers ${mirror} rule $role=Promoted ${random.pick(['100', '10', 'inf', '-inf'])}: #uname eq ${random.pick(nodes)}`,
              options: [],
            },
          ]
        : []),
    ],
    top: [follower, mirror],
    primitives: [drbd, ...names],
    mirrors: [{ clone: mirror, primitive: drbd }],
  };
}

/** A plain clone with something on it: ping, or a cluster file system and its user. */
export function cloneOf(random: Random): Part {
  return {
    statements: [
      primitive(random, 'dlm'),
      primitive(random, 'fs'),
      primitive(random, 'db', 0.08),
      { head: 'group shared dlm fs', options: [] },
      {
        head: 'clone shareds shared',
        options: optionsOf(
          random,
          {
            interleave: ['true'],
            ordered: ['true'],
            'clone-max': ['1', '2'],
            'clone-min': ['1'],
            notify: ['true'],
          },
          0.3,
        ).map((option) => `meta ${option}`),
      },
      { head: `colocation db-with-fs ${random.pick(['inf', 'inf', '100'])}: db shareds`, options: [] },
      {
        head: `order fs-before-db ${random.pick(['Mandatory', 'Mandatory', 'Optional'])}: shareds db`,
        options: [],
      },
    ],
    top: ['db', 'shareds'],
    primitives: ['dlm', 'fs', 'db'],
    mirrors: [],
  };
}

/** Primitives that stand alone, some of them able to migrate. */
export function familyOf(random: Random): Part {
  const names = Array.from({ length: random.between(1, 4) }, (_, index) => `vm${index + 1}`);
  return {
    statements: names.map((name) => primitive(random, name, 0.12)),
    top: names,
    primitives: names,
    mirrors: [],
  };
}
