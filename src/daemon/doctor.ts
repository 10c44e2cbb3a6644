import {
  diagnoseConfiguration,
  diagnoseNode,
  diagnoseStatus,
  examinationOf,
  inOrder,
  verdictsOf,
  type Situation,
} from '../diagnosis/index.ts';
import { version } from '../api/schemas/version.ts';
import {
  failed,
  failure,
  failures,
  success,
  type ClusterConfig,
  type Diagnosis,
  type DoctorReport,
  type Examination,
  type Failure,
  type NodeFacts,
  type NodeName,
  type ReplyOf,
  type RequestOf,
  type Result,
  type StatusView,
} from '../model/index.ts';
import { signAnswer } from '../platform/doctor/ask-peer.ts';
import { examine } from '../platform/doctor/examine.ts';
import { isSameProof, questionProof } from '../platform/doctor/proof.ts';
import type { Clock } from '../ports/index.ts';
import { diagnosePeers, type Peers } from './doctor-peers.ts';

/** What a node is in its cluster. */
export interface Member {
  readonly node: NodeName;
  readonly config: ClusterConfig;
}

export interface DoctorOptions {
  readonly hostName: string;
  /** Undefined where it belongs to no cluster, or cannot know. */
  readonly member: () => Member | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** Corosync's key, by which nodes know each other. */
  readonly authkey: () => Promise<string>;
  /** Of the certificate that this node's API shows. */
  readonly fingerprint: () => Promise<string | undefined>;
  readonly peers: Peers;
  /** Told of all that a look at this node as a member has found. */
  readonly found: (diagnoses: readonly Diagnosis[]) => void;
  readonly look?: (order: Examination, version: string) => Promise<NodeFacts>;
}

export type Doctor = ReturnType<typeof createDoctor>;

type Status = () => Promise<Result<StatusView> | undefined>;

/** Has nodes looked at, and says what it means. One examination of a kind at a time: each takes the machine's time. */
export function createDoctor(options: DoctorOptions) {
  const { hostName, member, clock, look = examine } = options;
  const reporting = oneAtATime();
  const examining = oneAtATime();

  const report = (request: RequestOf<'doctor'>, status: Status): Promise<Result<DoctorReport>> =>
    reporting(async () => {
      const { node, config } = member() ?? { node: hostName, config: undefined };
      const { node: wanted, disks = [], peer } = request;
      if (wanted !== undefined && wanted !== node && config?.nodes[wanted] === undefined)
        return failed(failure('node_not_found', `there is no node ${wanted}`));
      if (peer !== undefined && config !== undefined)
        return failed(failure('body_invalid', 'peer: this node belongs to a cluster, whose nodes it knows'));
      const situation: Situation = { node, config, candidates: disks, peer };
      const [facts, told] = await Promise.all([
        look(examinationOf(situation), version),
        config === undefined || wanted === node ? [] : options.peers({ node, config }),
      ]);
      const ofThis = diagnoseNode(facts, situation);
      if (config !== undefined) options.found(ofThis);
      const others = diagnosePeers({ node, facts }, told, config, version);
      const said = await status();
      const all = inOrder([
        ...ofCluster(said),
        ...(config === undefined ? [] : diagnoseConfiguration(config)),
        ...ofThis,
        ...others.diagnoses,
      ]);
      const verdicts = said?.ok === true ? verdictsOf(said.value, all) : [];
      const isAsked = (one: { readonly node?: NodeName | undefined }): boolean =>
        wanted === undefined || one.node === wanted;
      return success({
        at: clock.now(),
        by: node,
        ...(config === undefined ? {} : { clusterName: config.clusterName }),
        nodes: [{ node, examined: true }, ...others.nodes].filter(isAsked),
        diagnoses: all.filter(isAsked),
        verdicts: verdicts.filter(isAsked),
      });
    });

  /** For another node of the cluster, which has to prove that it is one. */
  async function examination(
    request: RequestOf<'doctor.examine'>,
  ): Promise<Result<ReplyOf<'doctor.examine'>>> {
    const heard = clock.now();
    const own = member();
    if (own === undefined) return failed(failure('cluster_missing', 'this node belongs to no cluster'));
    const [authkey, fingerprint] = await Promise.all([options.authkey(), options.fingerprint()]);
    const proof = questionProof(authkey, request.node, request.nonce, fingerprint ?? '');
    if (fingerprint === undefined || !isSameProof(proof, request.proof))
      return failed(
        failure('proof_wrong', 'the proof is not made with this cluster’s key, or not for this node'),
      );
    return examining(async () => {
      const facts = await look(examinationOf({ ...own, candidates: [] }), version);
      const answer = { facts, heard, answered: clock.now() };
      return success({ examination: signAnswer(authkey, request.nonce, answer) });
    });
  }

  /** Looks at this node alone, for `found`. */
  async function lookAtSelf(): Promise<void> {
    const own = member();
    if (own === undefined) return;
    const situation: Situation = { ...own, candidates: [] };
    options.found(diagnoseNode(await look(examinationOf(situation), version), situation));
  }

  return { report, examination, look: lookAtSelf };
}

function oneAtATime() {
  let isBusy = false;
  return async <Value>(work: () => Promise<Result<Value>>): Promise<Result<Value>> => {
    if (isBusy) return failed(failure('busy', 'the doctor is looking already'));
    isBusy = true;
    try {
      return await work();
    } finally {
      isBusy = false;
    }
  };
}

function ofCluster(status: Result<StatusView> | undefined): readonly Diagnosis[] {
  if (status === undefined) return [];
  return status.ok ? diagnoseStatus(status.value) : [asDiagnosis(status.failure)];
}

const asDiagnosis = ({ code, message }: Failure): Diagnosis => ({
  code,
  weight: 'forbids',
  found: message,
  why: `${failures[code].title}.`,
  mend: failures[code].next,
});
