import type { OperationDefinition } from '../../../model/index.ts';
import { equalsIgnoringCase, parseBoolean, parseInterval } from '../rules/values.ts';
import type { Resource } from './resource.ts';

type WithOperations = Pick<Resource, 'operations'>;

/** Milliseconds; 0: once. */
export function operationInterval(definition: OperationDefinition): number {
  return parseInterval(definition.fields['interval']);
}

export function isEnabled(definition: OperationDefinition): boolean {
  return parseBoolean(definition.fields['enabled']) !== false;
}

function findExactly(
  { operations }: WithOperations,
  name: string,
  interval: number,
  includeDisabled: boolean,
): OperationDefinition | undefined {
  return operations.find(
    (definition) =>
      equalsIgnoringCase(definition.fields['name'], name) &&
      operationInterval(definition) === interval &&
      (includeDisabled || isEnabled(definition)),
  );
}

/**
 * The first definition of an operation with this name and interval (in milliseconds). Both halves of a migration may be
 * defined as `migrate`.
 */
export function findOperation(
  resource: WithOperations,
  name: string,
  interval: number,
  includeDisabled = false,
): OperationDefinition | undefined {
  const found = findExactly(resource, name, interval, includeDisabled);
  if (found !== undefined || (name !== 'migrate_to' && name !== 'migrate_from')) return found;
  return findExactly(resource, 'migrate', 0, includeDisabled);
}

/** The recurring monitor that runs most often: probes have its timeout. */
export function findFastestMonitor({ operations }: WithOperations): OperationDefinition | undefined {
  let fastest: OperationDefinition | undefined;
  let shortest = Infinity;
  for (const definition of operations) {
    if (!isEnabled(definition) || !equalsIgnoringCase(definition.fields['name'], 'monitor')) continue;
    const interval = operationInterval(definition);
    if (interval === 0 || interval >= shortest) continue;
    shortest = interval;
    fastest = definition;
  }
  return fastest;
}
