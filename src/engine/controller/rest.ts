import type { ClusterConfig, InstanceStatus, NodeName, NodeStatus } from '../../model/index.ts';
import { isLasting, isUnmanaged } from '../planner/index.ts';
import { change } from './draft.ts';
import type { Draft } from './state.ts';

/**
 * Whatever was left alone may have been started, stopped or moved by hand meanwhile, on any node. When it is left alone
 * no longer, nobody knows anything of it: it is looked at everywhere before anything is done.
 */
export function lookAgainAfterRest(draft: Draft, changeConfig: () => void): void {
  const before = draft.state.config.current;
  changeConfig();
  const after = draft.state.config.current;
  if (!isAskedOtherwise(before, after)) return;
  const { status } = draft.state;
  const nodes = Object.entries(status.nodes).map(([name, node]): [NodeName, NodeStatus] => [
    name,
    node.state === 'online' ? { ...node, instances: afterRest(before, after, name, node.instances) } : node,
  ]);
  change(draft, { status: { ...status, nodes: Object.fromEntries(nodes) } });
}

/** Of all changes of the configuration only few tell who is left alone. */
const isAskedOtherwise = (before: ClusterConfig, after: ClusterConfig): boolean =>
  before.resources !== after.resources ||
  before.properties !== after.properties ||
  before.nodes !== after.nodes;

function afterRest(
  before: ClusterConfig,
  after: ClusterConfig,
  node: NodeName,
  instances: NodeStatus['instances'],
): NodeStatus['instances'] {
  return Object.fromEntries(
    Object.entries(instances).map(([id, instance]): [string, InstanceStatus] => [
      id,
      wasLeftAlone(before, after, id, node) ? unseen(after, id, instance) : instance,
    ]),
  );
}

/** What failed before it is looked at anew does not hold that up, but for what a person or a fencing has to end. */
function unseen(config: ClusterConfig, id: string, { failures }: InstanceStatus): InstanceStatus {
  const isPast = failures?.operation === 'monitor' && !isLasting(config, id, 'monitor');
  return { observation: 'unknown', failures: isPast ? undefined : failures };
}

/** On this node; or on another one, from where it may have been brought here. */
const wasLeftAlone = (before: ClusterConfig, after: ClusterConfig, id: string, node: NodeName): boolean =>
  !isUnmanaged(after, id, node) &&
  Object.keys(before.nodes).some((other) => isUnmanaged(before, id, other) && !isUnmanaged(after, id, other));
