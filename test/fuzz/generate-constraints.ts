import type { Random } from '../simulation/random.ts';
import type { Statement } from './cluster.ts';
import { optionsOf, type Maker, type Part } from './generate-primitives.ts';

const SCORES = ['inf', '-inf', '100', '-100', '1', '-1', '999999', '-999999', '0'] as const;

const RULES = [
  'not_defined pingd or pingd number:lte 0',
  'defined pingd',
  '#uname ne node-a',
  'site eq east',
  'weight gt 0',
  'date lt 2025-01-01',
  'date gt 2025-01-01',
  '#uname eq node-a and site ne west',
] as const;

interface Ends {
  readonly random: Random;
  readonly nodes: readonly string[];
  readonly one: string;
  readonly other: string;
  readonly third: string;
  readonly primitive: string;
  /** Names of clones with roles. */
  readonly mirrors: readonly string[];
}

/** Odd constraints across the parts of a cluster, each where chance wants it. */
export function constraintsBetween({ random, nodes }: Maker, parts: readonly Part[]): readonly Statement[] {
  const tops = parts.flatMap(({ top }) => top);
  const primitives = parts.flatMap((part) => part.primitives);
  const mirrors = parts.flatMap((part) => part.mirrors).map(({ clone }) => clone);
  const found: Statement[] = [];
  const count = random.pick([0, 0, 1, 2, 3, 4]);
  for (let number = 1; number <= count; number += 1) {
    const ends = {
      random,
      nodes,
      one: random.pick(tops),
      other: random.pick(tops),
      third: random.pick(tops),
      primitive: random.pick(primitives),
      mirrors,
    };
    const made = random.pick(MAKERS)(ends, number);
    if (made !== undefined) found.push(made);
  }
  return found;
}

type ConstraintMaker = (ends: Ends, number: number) => Statement | undefined;

const statement = (head: string, options: readonly string[] = []): Statement => ({ head, options });

const MAKERS: readonly ConstraintMaker[] = [
  ({ random, nodes, one, primitive }, number) =>
    statement(
      `location l${number} ${random.pick([one, primitive])} ${random.pick(SCORES)}: ${random.pick(nodes)}`,
    ),
  ({ random, one }, number) =>
    statement(`location l${number} ${one} rule ${random.pick([...SCORES, 'weight'])}: ${random.pick(RULES)}`),
  ({ random, nodes, primitive }, number) =>
    statement(
      `location d${number} ${primitive} resource-discovery=${random.pick(['never', 'exclusive', 'always'])} ${random.pick(SCORES)}: ${random.pick(nodes)}`,
    ),
  ({ random, nodes, mirrors }, number) => {
    const [mirror] = mirrors;
    return mirror === undefined
      ? undefined
      : statement(
          `location r${number} ${mirror} role=${random.pick(['Promoted', 'Started', 'Unpromoted'])} ${random.pick(SCORES)}: ${random.pick(nodes)}`,
        );
  },
  ({ random, one, other }, number) =>
    one === other
      ? undefined
      : statement(
          `colocation c${number} ${random.pick(SCORES)}: ${one} ${other}`,
          optionsOf(random, { influence: ['false'], 'node-attribute': ['site'] }, 0.2),
        ),
  ({ random, nodes, one, other }, number) =>
    one === other
      ? undefined
      : statement(`location p${number} { ${one} ${other} } ${random.pick(SCORES)}: ${random.pick(nodes)}`),
  ({ random, one }, number) =>
    random.chance(0.8)
      ? undefined
      : statement(
          `rsc_ticket t${number} site-ticket: ${one}`,
          // Not `fence`: the scheduler says in a finding that it stops instead.
          optionsOf(random, { 'loss-policy': ['stop', 'demote', 'freeze'] }, 0.7),
        ),
  ({ random, one, mirrors }, number) => {
    const mirror = random.pick([...mirrors, '']);
    return mirror === '' || mirror === one
      ? undefined
      : statement(
          `colocation c${number} ${random.pick(SCORES)}: ${random.chance(0.3) ? `${mirror}:${random.pick(['Promoted', 'Unpromoted'])} ${one}` : `${one} ${mirror}:${random.pick(['Promoted', 'Unpromoted', 'Started'])}`}`,
        );
  },
  ({ random, one, other }, number) =>
    one === other
      ? undefined
      : statement(
          `order o${number} ${random.pick(['Mandatory', 'Optional', 'Serialize', '0', '10'])}: ${one} ${other}`,
          optionsOf(random, { symmetrical: ['false'] }),
        ),
  ({ random, one, mirrors }, number) => {
    const mirror = random.pick([...mirrors, '']);
    return mirror === '' || mirror === one
      ? undefined
      : statement(
          `order o${number} ${random.pick(['Mandatory', 'Optional'])}: ${random.pick([`${mirror}:promote ${one}:start`, `${mirror}:demote ${one}:stop`, `${one}:start ${mirror}:promote`, `${one}:stop ${mirror}:demote`, `${mirror}:start ${one}:stop`])}`,
          optionsOf(random, { symmetrical: ['false', 'false', 'true'] }, 0.5),
        );
  },
  ({ random, one, other, third }, number) => {
    const members = [...new Set([one, other, third])];
    if (members.length !== 3) return undefined;
    const others = members.slice(1).join(' ');
    const sets = random.pick([
      `${one} ( ${others} )`,
      `( ${others} ) ${one}`,
      `${one} ${others}`,
      `${one} [ ${others} ]`,
      `[ ${others} ] ${one}`,
    ]);
    return statement(
      `order s${number} ${random.pick(['Mandatory', 'Mandatory', 'Optional', 'Serialize'])}: ${sets}`,
      optionsOf(random, { symmetrical: ['false'] }),
    );
  },
  ({ random, one, other, third, mirrors }, number) => {
    const members = [...new Set([one, other, third])];
    if (members.length !== 3) return undefined;
    const others = members.slice(1).join(' ');
    const [mirror] = mirrors;
    const sets = [`${one} ( ${others} )`, `( ${others} ) ${one}`, `${one} ${others}`];
    if (mirror !== undefined && !members.includes(mirror))
      sets.push(`${one} ( ${others} ) ${mirror}:Promoted`);
    return statement(
      `colocation s${number} ${random.pick(['inf', 'inf', '100', '-inf'])}: ${random.pick(sets)}`,
    );
  },
];
