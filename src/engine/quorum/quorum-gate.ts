import {
  failure,
  type ClusterStatus,
  type Failure,
  type NodeName,
  type WitnessChange,
  type WitnessCommand,
  type WitnessProgress,
} from '../../model/index.ts';

/**
 * In which order the nodes come from one set of rules of quorum to the other, so that they are never weaker in between
 * than the weaker of the two:
 *
 * - Nothing is begun, and no step is taken, while a node is away: it would boot by rules that the others have left.
 * - All have written their corosync.conf before Corosync reads it, on all nodes at one place in its total order. So it is
 *   either the two-node rules on both (`two_node`: each half keeps quorum, and nobody takes anything over before the
 *   other is fenced), or those with three votes on both. A node that starts by the new ones before the other has them
 *   starts alone with the witness's vote at most; and an engine that starts does nothing before it has seen the others.
 * - With three votes and before the witness has given its own, both nodes are needed: stricter than either, for seconds.
 *   So the device that asks the witness is started right behind, with quorum or without.
 * - Taken away, the witness is asked until Corosync goes by the two-node rules, and no longer.
 */
export interface QuorumGate {
  /** The next step of the whole cluster, where every node is done with the present one. */
  readonly next: WitnessCommand | undefined;
  /** Corosync may be told to read its configuration anew. */
  readonly mayReload: boolean;
}

export function quorumGate({ nodes }: ClusterStatus, change: WitnessChange): QuorumGate {
  const { phase, operation } = change;
  const told = Object.entries(nodes).map(
    ([name, { witness }]) => [name, isOf(witness, change) ? witness : undefined] as const,
  );
  // One failure is enough: as long as nodes only prepare, all is as it was.
  const broken = told.find(([, progress]) => progress?.failure !== undefined);
  if (phase === 'prepare' && broken?.[1]?.failure !== undefined)
    return {
      next: { kind: 'witness.failed', operation, failure: named(broken[0], broken[1].failure) },
      mayReload: false,
    };
  const mayReload = phase === 'apply' && missing({ nodes }) === undefined;
  const isDone = told.every(([, progress]) => progress !== undefined && progress.failure === undefined);
  if (!isDone || missing({ nodes }) !== undefined) return { next: undefined, mayReload };
  switch (phase) {
    case 'prepare':
      return { next: { kind: 'witness.step', operation, phase: 'write' }, mayReload };
    case 'write':
      return { next: { kind: 'witness.step', operation, phase: 'apply' }, mayReload };
    case 'apply':
      return { next: { kind: 'witness.changed', operation }, mayReload };
  }
}

/** Why the rules of quorum are left as they are: a node that is not there, or about to go. */
export function missing({ nodes }: Pick<ClusterStatus, 'nodes'>): Failure | undefined {
  for (const [name, { state, leaving }] of Object.entries(nodes)) {
    if (state !== 'online') return failure('witness_needs_all_nodes', `${name} is ${state}`);
    if (leaving !== undefined) return failure('witness_needs_all_nodes', `${name} is leaving`);
  }
  return undefined;
}

/** What was told of an earlier change, or of an earlier phase, does not count. */
export const isOf = (
  progress: WitnessProgress | undefined,
  { operation, phase }: Pick<WitnessProgress, 'operation' | 'phase'>,
): progress is WitnessProgress => progress?.operation === operation && progress.phase === phase;

const named = (node: NodeName, { code, message }: Failure): Failure => failure(code, `${node}: ${message}`);
