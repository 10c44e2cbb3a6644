import type { OperationDefinition } from '../../../model/index.ts';
import type { OnFail } from '../actions/action.ts';
import { lower } from '../rules/text.ts';
import { equalsIgnoringCase, parseRole } from '../rules/values.ts';
import { isEnabled, operationInterval } from './operation-lookup.ts';
import { ROLE, type Role } from './resource.ts';

/** One operation, as far as it matters for its failure. */
export interface FailingOperation {
  readonly task: string;
  readonly definition: OperationDefinition | undefined;
  /** All operations of the resource. */
  readonly operations: readonly OperationDefinition[];
  readonly stonithEnabled: boolean;
  /** What cannot be obeyed is told here. */
  readonly complain: (message: string) => void;
}

export interface FailurePolicy {
  readonly onFail: OnFail;
  /** `unknown` where the policy itself does not ask for one. */
  readonly role: Role;
}

function isPromotedMonitor({ fields }: OperationDefinition): boolean {
  return equalsIgnoringCase(fields['name'], 'monitor') && parseRole(fields['role']) === ROLE.promoted;
}

/** A demotion fails as the monitor of the promoted role says, unless that says `demote` again. */
function likePromotedMonitor(operations: readonly OperationDefinition[]): string | undefined {
  return operations.find((definition) => {
    const policy = definition.fields['on-fail'];
    if (policy === undefined || !isEnabled(definition) || !isPromotedMonitor(definition)) return false;
    return operationInterval(definition) !== 0 && !equalsIgnoringCase(policy, 'demote');
  })?.fields['on-fail'];
}

function mayDemote(definition: OperationDefinition | undefined): boolean {
  if (definition === undefined) return false;
  if (equalsIgnoringCase(definition.fields['name'], 'promote')) return true;
  return isPromotedMonitor(definition) && operationInterval(definition) !== 0;
}

/** What is written, where it makes sense for this operation. */
function validPolicy(operation: FailingOperation, written: string | undefined): string | undefined {
  const { task, definition, operations, complain } = operation;
  const word = written === undefined ? undefined : lower(written);
  if (task === 'stop' && (word === 'standby' || word === 'demote' || word === 'stop')) {
    complain(`on-fail '${word}' makes no sense for stop; the default counts`);
    return undefined;
  }
  if (task === 'demote' && word === undefined) {
    const policy = likePromotedMonitor(operations);
    return policy === undefined ? undefined : lower(policy);
  }
  if (task === 'lrm_delete') return 'ignore';
  if (word === 'demote' && !mayDemote(definition)) {
    complain(
      "on-fail 'demote' is for promote and for recurring monitors of the promoted role; the default counts",
    );
    return undefined;
  }
  return word;
}

function byDefault({ task, stonithEnabled }: FailingOperation): FailurePolicy {
  if (task !== 'stop') return { onFail: 'recover', role: ROLE.unknown };
  return { onFail: stonithEnabled ? 'fence' : 'block', role: ROLE.unknown };
}

/** `on-fail` of an operation ("Pacemaker Explained", resource operations). */
export function failurePolicy(operation: FailingOperation, written: string | undefined): FailurePolicy {
  const word = validPolicy(operation, written);
  switch (word) {
    case undefined:
    case 'restart-container':
      return byDefault(operation);
    case 'block':
    case 'standby':
    case 'migrate':
    case 'demote':
      return { onFail: word, role: ROLE.unknown };
    case 'ignore':
    case 'nothing':
      return { onFail: 'ignore', role: ROLE.unknown };
    case 'restart':
      return { onFail: 'recover', role: ROLE.unknown };
    case 'stop':
      return { onFail: 'stop', role: ROLE.stopped };
    case 'fence':
      if (operation.stonithEnabled) return { onFail: 'fence', role: ROLE.unknown };
      operation.complain("on-fail 'fence' needs fencing, which is off; 'stop' counts");
      return { onFail: 'stop', role: ROLE.stopped };
    default:
      operation.complain(`'${word}' is no value for on-fail; the default counts`);
      return byDefault(operation);
  }
}
