import {
  diagnosis,
  type CheckCode,
  type ClusterConfig,
  type Diagnosis,
  type Looks,
  type NodeFacts,
  type NodeName,
} from '../model/index.ts';

/** What a node is, or is to be. */
export interface Situation {
  readonly node: NodeName;
  /** Of the cluster that it is a member of. */
  readonly config: ClusterConfig | undefined;
  /** Disks that somebody thinks of giving to Keelson. */
  readonly candidates: readonly string[];
  /** The address of the machine that is to be the other node, while there is no cluster. */
  readonly peer?: string | undefined;
  /** While there is no cluster: the one that is to be formed. */
  readonly planned?: ClusterConfig | undefined;
}

/** One thing found: what its code is, and the words for it. */
export type Found = readonly [code: CheckCode, found: string];

export const asDiagnoses = (node: NodeName | undefined, found: readonly Found[]): readonly Diagnosis[] =>
  found.map(([code, words]) => diagnosis(code, node, words));

/** What a look told; undefined where it failed, which is told elsewhere. */
export function told<Name extends keyof Looks>({ looks }: NodeFacts, name: Name): Looks[Name] | undefined {
  const look = looks[name];
  return look.seen ? look.value : undefined;
}
