import { asDiagnoses, diagnoseNode, ownerFindings, pairFindings, type Examined } from '../diagnosis/index.ts';
import {
  diagnosis,
  milliseconds,
  seconds,
  type ClusterConfig,
  type Diagnosis,
  type DoctorReport,
  type NodeName,
  type PeerFacts,
  type Result,
} from '../model/index.ts';
import { askPeer } from '../platform/doctor/ask-peer.ts';
import type { Clock, Random } from '../ports/index.ts';
import type { Member } from './doctor.ts';

/** What another node told, or why it did not. */
export interface Told {
  readonly node: NodeName;
  readonly answer: Result<PeerFacts>;
}

/** Asks every other node of the cluster to look at itself. */
export type Peers = (own: Member) => Promise<readonly Told[]>;

/** A node that hangs must not hold up what is known without it. */
const PATIENCE = seconds(140);
const NONCE_BYTES = 16;

/** Over their API, and not by Corosync: the doctor is asked when that is broken too. */
export const createPeers =
  (authkey: () => Promise<string>, random: Random, clock: Pick<Clock, 'now'>): Peers =>
  ({ node, config }) =>
    Promise.all(
      Object.values(config.nodes)
        .filter(({ name }) => name !== node)
        .map(async ({ name, management }) => ({
          node: name,
          answer: await askPeer({
            address: management,
            node,
            authkey: await authkey(),
            nonce: random.hex(NONCE_BYTES),
            timeout: milliseconds(PATIENCE),
            now: clock.now,
          }),
        })),
    );

/** What the others told of themselves, and what differs between them and this one. */
export function diagnosePeers(
  own: Examined,
  told: readonly Told[],
  config: ClusterConfig | undefined,
  version: string,
): Pick<DoctorReport, 'nodes' | 'diagnoses'> {
  if (config === undefined) return { nodes: [], diagnoses: [] };
  const others = told.flatMap(({ node, answer }): readonly Examined[] =>
    answer.ok && answer.value.facts.version === version ? [{ node, facts: answer.value.facts }] : [],
  );
  const isExamined = (node: NodeName): boolean => others.some((other) => other.node === node);
  return {
    nodes: told.map(({ node }) => ({ node, examined: isExamined(node) })),
    diagnoses: [
      ...told.flatMap((one) => ofPeer(own, one, config, version)),
      ...others.flatMap(({ node, facts }) => diagnoseNode(facts, { node, config, candidates: [] })),
      ...asDiagnoses(own.node, ownerFindings(own, others, config)),
      ...others.flatMap((other) => asDiagnoses(other.node, ownerFindings(other, [own], config))),
    ],
  };
}

function ofPeer(
  own: Examined,
  { node, answer }: Told,
  config: ClusterConfig,
  version: string,
): readonly Diagnosis[] {
  if (!answer.ok)
    return [diagnosis('peer_not_examined', node, `${answer.failure.message} (${answer.failure.code})`)];
  const { facts, clock } = answer.value;
  if (facts.version !== version)
    return [
      diagnosis('version_differs', node, `${node} has Keelson ${facts.version}, and ${own.node} ${version}`),
    ];
  return asDiagnoses(undefined, pairFindings(own, { node, facts }, clock, config));
}
