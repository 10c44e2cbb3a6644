import type {
  Action,
  ActionId,
  Milliseconds,
  NodeName,
  OperationName,
  Primitive,
  ResourceId,
} from '../../model/index.ts';

export const actionId = (operation: OperationName, resource: ResourceId, node: NodeName): ActionId =>
  `${operation} ${resource} on ${node}`;

export const operationAction = (
  primitive: Primitive,
  operation: OperationName,
  node: NodeName,
  reason: string,
  deed: string | undefined,
  delay?: Milliseconds,
): Action => ({
  kind: 'operation',
  id: actionId(operation, primitive.id, node),
  node,
  resource: primitive.id,
  agent: primitive.agent,
  operation,
  parameters: primitive.parameters,
  timeout: primitive.timeouts[operation],
  deed,
  ...(delay === undefined ? {} : { delay }),
  reason,
});
