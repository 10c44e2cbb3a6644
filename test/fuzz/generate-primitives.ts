import type { Random } from '../simulation/random.ts';
import type { Statement } from './cluster.ts';

/** What the parts of one cluster have in common. */
export interface Maker {
  readonly random: Random;
  readonly nodes: readonly string[];
  /** How likely each oddity is: some clusters are tidy, some are not. */
  readonly oddness: number;
  readonly hasUnfencing: boolean;
}

/** Resources that belong together, with the names that constraints and histories may use. */
export interface Part {
  readonly statements: readonly Statement[];
  /** What other parts may be ordered and placed with: a group, a clone, a primitive. */
  readonly top: readonly string[];
  readonly primitives: readonly string[];
  /** Promotable clone and its primitive. */
  readonly mirrors: readonly { readonly clone: string; readonly primitive: string }[];
  /** Primitives that are able to move while they run. */
  readonly movable: readonly string[];
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
  'failure-timeout': ['60s', '1h'],
  'is-managed': ['false'],
  maintenance: ['true'],
  'target-role': ['Started', 'Stopped'],
  'multiple-active': ['block', 'stop_only', 'stop_unexpected'],
  requires: ['nothing', 'quorum', 'fencing'],
  'allow-migrate': ['true'],
  'allow-unhealthy-nodes': ['true'],
  critical: ['false'],
} as const;

export const metaOf = ({ random }: Maker, probability: number): readonly string[] =>
  optionsOf(random, META, probability).map((option) => `meta ${option}`);

const ON_FAIL = ['ignore', 'block', 'stop', 'restart', 'fence', 'standby'] as const;
const ON_FAIL_PROMOTED = [...ON_FAIL, 'demote'] as const;

function operationsOf({ random, oddness }: Maker, isPromotable: boolean): readonly string[] {
  const odd = oddness * 3;
  const more = (words: readonly string[]): string =>
    [
      ...(random.chance(odd) ? [` on-fail=${random.pick(words)}`] : []),
      ...(random.chance(odd / 4) ? [` start-delay=${random.pick(['5s', '0', '30'])}`] : []),
      ...(random.chance(odd / 6) ? [' enabled=false'] : []),
      ...(random.chance(odd / 4) ? [` timeout=${random.pick(['15s', '1min'])}`] : []),
    ].join('');
  const monitors = isPromotable
    ? [
        `op monitor interval=10s role=Promoted${more(ON_FAIL_PROMOTED)}`,
        `op monitor interval=20s role=Unpromoted${more(ON_FAIL)}`,
      ]
    : [`op monitor interval=10s${more(ON_FAIL)}`];
  return [
    ...monitors.filter(() => random.chance(0.9)),
    ...(random.chance(odd / 3) ? [`op monitor interval=30s OCF_CHECK_LEVEL=10${more(ON_FAIL)}`] : []),
    ...(random.chance(odd / 3) ? [`op monitor interval=45s role=Stopped${more(ON_FAIL)}`] : []),
    ...(random.chance(odd) ? [`op start interval=0${more(ON_FAIL)}`] : []),
    ...(random.chance(odd) ? [`op stop interval=0${more(['ignore', 'block', 'fence'])}`] : []),
    ...(isPromotable && random.chance(odd) ? [`op promote interval=0${more(ON_FAIL_PROMOTED)}`] : []),
    ...(isPromotable && random.chance(odd / 2) ? [`op demote interval=0${more(ON_FAIL)}`] : []),
  ];
}

const WHEN = ['date lt 2025-01-01', 'date gt 2025-01-01'] as const;

interface PrimitiveOptions {
  /** How much more of its meta attributes are odd than those of other parts. */
  readonly likelier?: number;
  readonly isPromotable?: boolean;
  readonly agent?: string;
}

export function primitiveOf(
  maker: Maker,
  id: string,
  { likelier = 1, isPromotable = false, agent }: PrimitiveOptions = {},
): Statement {
  const { random, oddness, hasUnfencing } = maker;
  return {
    head: `primitive ${id} ${agent ?? (isPromotable ? 'ocf:pacemaker:Stateful' : 'ocf:pacemaker:Dummy')}`,
    options: [
      ...operationsOf(maker, isPromotable),
      ...metaOf(maker, oddness * likelier),
      ...(hasUnfencing && random.chance(0.4) ? ['meta requires=unfencing'] : []),
      ...(random.chance(oddness * 3) ? [`params state=/run/${random.pick(['a', 'b'])}`] : []),
      ...(random.chance(oddness) ? [`meta rule ${random.pick(WHEN)} priority=7`] : []),
      ...(random.chance(oddness) ? ['params rule #uname eq node-a fake=1'] : []),
      ...(random.chance(oddness * 4) ? [`utilization memory=${random.pick([1, 2])}`] : []),
    ],
  };
}
