import type { ActionId, NodeName, OperationName, Primitive, ResourceId } from '../../model/index.ts';
import type { Action, Step as Scheduled } from '../scheduler/index.ts';
import { actionId } from './action.ts';
import type { Facts } from './facts.ts';

/** From down to up: the order of an instance's own steps. */
export const SEQUENCE = ['monitor', 'demote', 'stop', 'reload', 'start', 'promote'] as const;
export type StepName = (typeof SEQUENCE)[number] & OperationName;

/** As Pacemaker calls it. */
const RELOAD = 'reload-agent';

/** What the scheduler would do with one instance. */
export interface Step {
  readonly id: ActionId;
  readonly operation: StepName;
  readonly resource: ResourceId;
  readonly node: NodeName;
  readonly primitive: Primitive;
  /** As the scheduler has it. */
  readonly action: Action;
}

/** The steps that an agent carries out: fencing, and what is done by fencing or only holds others together, is left out. */
export function stepsOf({ definition }: Facts, scheduled: readonly Scheduled[]): readonly Step[] {
  return scheduled.flatMap(({ action }): Step[] => {
    const operation = SEQUENCE.find((name) => name === (action.task === RELOAD ? 'reload' : action.task));
    const resource = action.resource === undefined ? undefined : nameOf(action.resource.id);
    const primitive = definition.get(resource ?? '')?.primitive;
    if (operation === undefined || resource === undefined || primitive === undefined) return [];
    if (action.isPseudo || action.node === undefined || action.interval > 0) return [];
    const node = action.node.name;
    return [{ id: actionId(operation, resource, node), operation, resource, node, primitive, action }];
  });
}

/** An instance on a node, as a key. */
export const place = (resource: ResourceId, node: NodeName): string => `${resource} ${node}`;

/** Instances of a clone have its name with a number: `drbd-data:0`. */
export const nameOf = (instance: string): ResourceId => instance.replace(/:\d+$/, '');

export const isDown = ({ operation }: Step): boolean => operation === 'stop' || operation === 'demote';

/** What is reloaded serves on, and so does what stands on it. */
export const isChanging = ({ operation }: Step): boolean => operation !== 'monitor' && operation !== 'reload';

export const isUp = ({ operation }: Step): boolean => operation === 'start' || operation === 'promote';

/** The step after which a resource is in use: promotion of a clone, start of anything else. */
export const isClaim = ({ definition }: Facts, { operation, resource }: Step): boolean =>
  operation === (definition.get(resource)?.kind === 'promotable-clone' ? 'promote' : 'start');
