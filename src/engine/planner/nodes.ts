import type { NodeName, NodeStatus } from '../../model/index.ts';
import type { PlanInput } from './input.ts';
import { fatalFailure, isInMaintenance, type Wishes } from './policy.ts';

export interface Nodes {
  /** Where operations may be ordered; sorted by name, as all lists of nodes. */
  readonly usable: readonly NodeName[];
  /** Nothing is ordered there, and what they run, or may run, is left to them: engine gone, joining. */
  readonly untouchable: readonly NodeName[];
  /** To be fenced, with the reason; once that is confirmed, nothing of them runs. */
  readonly condemned: ReadonlyMap<NodeName, string>;
  /** Whether fencing may be ordered at all (S3). */
  readonly mayFence: boolean;
}

export function readNodes({ status, config }: PlanInput): Nodes {
  // A configured node that nobody has told anything of may be running anything.
  const names = [...new Set([...Object.keys(config.nodes), ...Object.keys(status.nodes)])].sort();
  const usable: NodeName[] = [];
  const untouchable: NodeName[] = [];
  const condemned = new Map<NodeName, string>();
  for (const name of names) {
    const node = status.nodes[name];
    const reason = reasonToFence(config, name, node);
    if (reason !== undefined) condemned.set(name, reason);
    else if (node?.state === 'online') usable.push(name);
    else if (node?.state === 'engine-gone' || node?.state === 'joining') untouchable.push(name);
  }
  return { usable, untouchable, condemned, mayFence: status.quorate };
}

export function reasonToFence(
  wishes: Wishes,
  name: NodeName,
  node: NodeStatus | undefined,
): string | undefined {
  if (node === undefined) return `nobody knows what ${name} runs.`;
  if (node.state === 'lost') return `${name} is lost: what it runs cannot be known, nor stopped.`;
  if (isInMaintenance(wishes, name)) return undefined;
  const isProvenOff = node.state === 'offline' && node.fencing?.state === 'confirmed';
  if (node.fenceWanted !== undefined && !isProvenOff) return `it was asked for: ${node.fenceWanted}`;
  return node.state === 'offline' ? undefined : stuck(wishes, name, node);
}

/** What would not stop can only be stopped by the power switch (S9); so can what it was asked for. */
function stuck(wishes: Wishes, name: NodeName, node: NodeStatus): string | undefined {
  const fatal = fatalFailure(wishes, name, node);
  if (fatal === undefined) return undefined;
  const { operation, failure } = fatal.failures;
  return `${operation} of ${fatal.resource} failed there: ${failure.message}`;
}
