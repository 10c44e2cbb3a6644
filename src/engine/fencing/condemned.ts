import type { NodeName } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { fatalFailure, isInMaintenance } from '../planner/index.ts';

/** There is one of the reasons for which the scheduler has a node fenced. */
export function isCondemned({ status, config }: EngineState, target: NodeName): boolean {
  const node = status.nodes[target];
  if (node === undefined || node.state === 'offline') return false;
  if (node.state === 'lost') return true;
  if (isInMaintenance(config.current, target)) return false;
  return node.fenceWanted !== undefined || fatalFailure(config.current, target, node) !== undefined;
}
