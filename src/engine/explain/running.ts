import type { NodeName } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';

/**
 * The node whose own kernel was last seen to have the resource in this state. An engine that is gone takes nothing
 * along: what ran there runs on. Nodes that are lost, off or have not told their state yet do not count.
 */
export function runningOn(
  state: EngineState,
  resource: string,
  wanted: 'running' | 'promoted',
): NodeName | undefined {
  return Object.entries(state.status.nodes).find(([, node]) => {
    const seen = node.instances[resource]?.observation;
    const counts = node.state === 'online' || node.state === 'engine-gone';
    return counts && seen !== undefined && seen !== 'unknown' && seen.state === wanted;
  })?.[0];
}
