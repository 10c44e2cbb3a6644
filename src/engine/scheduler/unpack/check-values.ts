import type { Configuration, OperationDefinition, PairSet } from '../../../model/index.ts';
import { lower } from '../rules/text.ts';
import {
  INFINITY,
  isScore,
  parseBoolean,
  parseInteger,
  parseMilliseconds,
  parseRole,
  tryInterval,
} from '../rules/values.ts';
import { MOST_INSTANCES } from './clone-settings.ts';
import { report, type Reporter } from './report.ts';
import { ROLE } from './resource.ts';

/** What may be wrong with a value; `undefined`: nothing. */
type Problem = readonly [code: 'bad_value' | 'number_out_of_range', message: string] | undefined;
export type Check = (value: string) => Problem;

const isDefault = (value: string): boolean => ['default', '#default'].includes(lower(value));

export const score: Check = (value) => {
  if (isDefault(value)) return undefined;
  if (!isScore(value)) return ['bad_value', `'${value}' is no score; 0 counts`];
  const number = parseInteger(value);
  if (number === undefined) return undefined;
  if (Math.abs(number) > INFINITY)
    return ['number_out_of_range', `'${value}' is beyond infinity; infinity counts`];
  if (/^\s*[+-]?\d+\s*$/.test(value)) return undefined;
  return ['bad_value', `'${value}' is no whole number; ${number} counts`];
};

const threshold: Check = (value) =>
  (parseInteger(value) ?? 0) < 0
    ? ['number_out_of_range', `'${value}' is less than 0; no number of failures counts as too many`]
    : score(value);

const boolean: Check = (value) =>
  isDefault(value) || parseBoolean(value) !== undefined
    ? undefined
    : ['bad_value', `'${value}' is neither true nor false; the default counts`];

/** What is on by default, and off where the value makes no sense. */
const offWhereBad: Check = (value) =>
  boolean(value) === undefined
    ? undefined
    : ['bad_value', `'${value}' is neither true nor false; it counts as false`];

/** Timers count no further. Milliseconds: about 50 days. */
const LONGEST = 2 ** 32 - 1;

const tooLong = (value: string, milliseconds: number): Problem =>
  milliseconds < LONGEST
    ? undefined
    : ['number_out_of_range', `'${value}' is longer than any timer; ${LONGEST} ms count`];

const interval: Check = (value) => {
  const found = tryInterval(value);
  if (found !== undefined) return tooLong(value, found);
  return isDefault(value) ? undefined : ['bad_value', `'${value}' is no span of time; 0 counts`];
};

const span: Check = (value) => {
  const found = parseMilliseconds(value);
  if (found !== undefined) return tooLong(value, found);
  return isDefault(value) ? undefined : ['bad_value', `'${value}' is no span of time; the default counts`];
};

const count: Check = (value) => {
  if (isDefault(value)) return undefined;
  const number = parseInteger(value);
  if (number === undefined) return ['bad_value', `'${value}' is no number; the default counts`];
  if (number < 0) return ['number_out_of_range', `'${value}' is less than 0; the default counts`];
  if (number <= MOST_INSTANCES) return undefined;
  return ['number_out_of_range', `'${value}' is more than ${MOST_INSTANCES}; ${MOST_INSTANCES} counts`];
};

const role: Check = (value) =>
  parseRole(value) === ROLE.unknown ? ['bad_value', `'${value}' is no role; it is left out`] : undefined;

const RESOURCE_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['priority', score],
  ['resource-stickiness', score],
  ['migration-threshold', threshold],
  ['is-managed', offWhereBad],
  ['maintenance', boolean],
  ['critical', offWhereBad],
  ['notify', boolean],
  ['ordered', boolean],
  ['interleave', boolean],
  ['globally-unique', boolean],
  ['promotable', boolean],
  ['allow-migrate', boolean],
  ['failure-timeout', interval],
  ['clone-max', count],
  ['clone-min', count],
  ['clone-node-max', count],
  ['promoted-max', count],
  ['promoted-node-max', count],
]);

const OPERATION_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['interval', interval],
  ['timeout', span],
  ['start-delay', span],
  ['enabled', boolean],
  ['role', role],
]);

function checkSets(reporter: Reporter, sets: readonly PairSet[], place: string): void {
  for (const { pairs } of sets) {
    for (const { name, value } of pairs) {
      const problem =
        name === undefined || value === undefined ? undefined : RESOURCE_CHECKS.get(name)?.(value);
      if (problem !== undefined) report(reporter, problem[0], `${place} ${name ?? ''}`, problem[1]);
    }
  }
}

/** Two that cannot be told apart in the history; with one interval for each role they can. */
function checkTwins(reporter: Reporter, operations: readonly OperationDefinition[], place: string): void {
  const seen = new Set<string>();
  for (const { fields } of operations) {
    const name = fields['name'] ?? '';
    const key = `${name} ${String(tryInterval(fields['interval'] ?? '0') ?? fields['interval'])}`;
    if (name !== '' && seen.has(key)) {
      const message = `There are two of them with the interval '${fields['interval'] ?? '0'}'; the first one counts`;
      report(reporter, 'duplicate_id', `${place} operation '${name}'`, message);
    }
    seen.add(key);
  }
}

/** What agents offer and the cluster may ask for. */
const OPERATIONS = new Set([
  'start',
  'stop',
  'monitor',
  'promote',
  'demote',
  'notify',
  'migrate_to',
  'migrate_from',
  'reload',
  'reload-agent',
  'meta-data',
  'validate-all',
  'status',
]);

function checkOperation(reporter: Reporter, { fields }: OperationDefinition, place: string): void {
  const task = fields['name'];
  if (task !== undefined && !OPERATIONS.has(task)) {
    const message = 'No operation of this name is known; it is never carried out';
    report(reporter, 'unknown_operation', `${place} operation '${task}'`, message);
  }
  for (const [name, check] of OPERATION_CHECKS) {
    const value = fields[name];
    const problem = value === undefined ? undefined : check(value);
    if (problem === undefined) continue;
    report(reporter, problem[0], `${place} operation '${fields['name'] ?? ''}' ${name}`, problem[1]);
  }
}

/** Values of the definition that cannot be understood, wherever they stand; once, whoever they count for. */
export function checkValues(reporter: Reporter, configuration: Configuration): void {
  checkSets(reporter, configuration.resourceDefaults, 'resource defaults');
  for (const part of [...configuration.templates, ...configuration.resources]) {
    const inner = part.kind === 'clone' ? part.child : part;
    if (inner !== part) checkSets(reporter, part.meta, `resource '${part.id}'`);
    const primitives = inner.kind === 'group' ? inner.members : [inner];
    if (inner.kind === 'group') checkSets(reporter, inner.meta, `resource '${inner.id}'`);
    for (const primitive of primitives) {
      const place = `resource '${primitive.id}'`;
      checkSets(reporter, primitive.meta, place);
      for (const operation of primitive.operations) checkOperation(reporter, operation, place);
      checkTwins(reporter, primitive.operations, place);
    }
  }
}
