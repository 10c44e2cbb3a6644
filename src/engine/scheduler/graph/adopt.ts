import { matchingActions } from '../actions/find.ts';
import { actionKey } from '../actions/key.ts';
import { currentNode } from '../actions/place.ts';
import type { ActionBuilder } from '../actions/table.ts';
import { settledRole } from '../notify/collect.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { mayChange } from './change.ts';

/**
 * Actions that an ordering asked for before anybody knew where (a promotion that never became possible) belong to the
 * node of their resource from now on.
 */
export function adoptNodes(builder: ActionBuilder, resource: Resource): void {
  const children = builder.childrenOf(resource);
  for (const child of children) adoptNodes(builder, child);
  if (children.length > 0 || resource.kind !== 'primitive') return;
  const origin = currentNode(builder, resource);
  if (!mayChange(builder, resource, origin)) return;
  const destination = builder.destination(resource);
  const start = adopt(builder, resource, 'start', destination);
  const stop = adopt(builder, resource, 'stop', start?.isRunnable === true ? origin : undefined);
  adopt(builder, resource, 'promote', destination);
  adopt(builder, resource, 'demote', destination);
  const nextRole = builder.nextRole(resource);
  if (settledRole(builder, resource) === nextRole) {
    adopt(builder, resource, 'migrate_from', destination);
  } else if (stop !== undefined && (nextRole === ROLE.stopped || start?.isRunnable === false)) {
    for (const node of resource.runningOn) adopt(builder, resource, 'stop', node);
  }
}

function adopt(builder: ActionBuilder, resource: Resource, task: string, node: Node | undefined) {
  return matchingActions(builder, resource, actionKey(resource, task), node)[0];
}
