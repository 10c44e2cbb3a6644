import {
  failingOperations,
  type OperationDefinition,
  type OperationName,
  type Primitive,
} from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';
import { policyOf } from './policy.ts';

/** Recurring monitors of instances that are (not) promoted, in seconds; Pacemaker tells them apart by these only. */
const INTERVAL = { running: 10, promoted: 11 };

type Fields = Readonly<Record<string, string>>;

/** What was asked for a resource, as meta attributes. */
export function metaOf({ input }: Facts, { id, targetRole }: Primitive): Fields {
  const { managed, maintenance, failureTimeout } = policyOf(input.config, id);
  return {
    ...(targetRole === 'stopped' ? { 'target-role': 'Stopped' } : {}),
    ...(managed === false ? { 'is-managed': 'false' } : {}),
    ...(maintenance === true ? { maintenance: 'true' } : {}),
    ...(failureTimeout === undefined ? {} : { 'failure-timeout': `${failureTimeout}ms` }),
  };
}

/** Operations for which something was asked: what their failure leads to, how late they begin. */
export function operationsOf(
  { input }: Facts,
  { id, kind, primitive }: Definition,
): readonly OperationDefinition[] {
  const { onFail = {}, startDelay } = policyOf(input.config, id);
  return failingOperations.flatMap((operation) => {
    const answer = onFail[operation];
    const delay = operation === 'start' ? startDelay : undefined;
    if (answer === undefined && delay === undefined) return [];
    const fields: Fields = {
      timeout: `${primitive.timeouts[operation]}ms`,
      ...(delay === undefined ? {} : { 'start-delay': `${delay}ms` }),
    };
    const asked = answer === undefined ? fields : { ...fields, 'on-fail': answer };
    if (operation !== 'monitor') return [defined(id, operation, 0, asked)];
    const isDemotion = answer === 'demote';
    return [
      defined(id, operation, INTERVAL.running, isDemotion ? fields : asked),
      ...(kind === 'promotable-clone'
        ? [defined(id, operation, INTERVAL.promoted, { ...asked, role: 'Promoted' })]
        : []),
    ];
  });
}

const defined = (id: string, name: OperationName, interval: number, fields: Fields): OperationDefinition => ({
  id: `${id}-${name}-${interval}s`,
  fields: { name, interval: `${interval}s`, ...fields },
  meta: [],
  parameters: [],
});

/** The key under which the failure of an operation is recorded, so that its definition is found. */
export function keyOf(id: string, operation: OperationName, before: 'running' | 'promoted'): string {
  const interval = operation === 'monitor' ? INTERVAL[before] * 1000 : 0;
  return `${id}_${operation}_${interval}`;
}
