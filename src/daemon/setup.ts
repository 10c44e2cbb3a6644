import { version } from '../api/schemas/version.ts';
import {
  asDiagnoses,
  diagnoseConfiguration,
  diagnoseNode,
  examinationOf,
  inOrder,
  machineOf,
  ownerFindings,
  pairFindings,
} from '../diagnosis/index.ts';
import {
  diagnosis,
  failed,
  failure,
  success,
  type ClusterConfig,
  type ClusterFile,
  type Diagnosis,
  type Examination,
  type NodeFacts,
  type NodeName,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { askInvited, type InvitedQuestion, type InvitedReply } from '../platform/formation/invited.ts';
import type { Clock, Random } from '../ports/index.ts';
import { plannedBy, situationOf } from './invitation.ts';
import type { Membership } from './membership.ts';

/** Milliseconds: a look takes its programs' deadlines, a join what the setting up of a host takes. */
const LOOK = 200_000;
const JOIN = 310_000;
const NONCE_BYTES = 16;

export interface SetupOptions {
  readonly hostName: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly membership: Pick<Membership, 'joinSecret'>;
  /** The configuration of the cluster this node belongs to, as it is now. */
  readonly current: () => ClusterConfig | undefined;
  readonly look: (order: Examination, version: string) => Promise<NodeFacts>;
  /** Of the other node's API; tests have another one. */
  readonly port?: number;
}

/** The node where a set-up runs: looks at both machines, and has the other one join. */
export function createSetup(options: SetupOptions) {
  const { hostName, clock, random } = options;
  let isLooking = false;

  const ask = (
    code: string,
    order: InvitedQuestion['order'],
    timeout: number,
  ): Promise<Result<InvitedReply>> =>
    askInvited({
      code,
      order,
      timeout,
      port: options.port,
      nonce: () => random.hex(NONCE_BYTES),
      now: () => clock.now(),
    });

  async function look({ code, file }: RequestOf<'setup.look'>): Promise<Result<ReplyOf<'setup.look'>>> {
    if (options.current() !== undefined)
      return failed(failure('cluster_exists', 'this node belongs to a cluster: see `keelson doctor`'));
    if (isLooking) return failed(failure('busy', 'a set-up is looking already'));
    isLooking = true;
    try {
      const asked = code === undefined ? undefined : await ask(code, { kind: 'hello' }, LOOK);
      if (asked?.ok === false) return asked;
      const peer = asked?.value.address;
      if (asked?.value.answer.node === hostName)
        return failed(
          failure('join_code_wrong', 'the join code is of this very node, or of one of its name'),
        );
      const own = situationOf(hostName, file, peer);
      const [facts, told] = await Promise.all([
        options.look(examinationOf(own), version),
        code === undefined ? undefined : ask(code, { kind: 'look', file }, LOOK),
      ]);
      if (told?.ok === false) return told;
      const ofThis = diagnoseNode(facts, own);
      const machine = machineOf(facts);
      if (told === undefined) return success({ machine, diagnoses: inOrder(ofThis) });
      const other = told.value.answer;
      if (other.version !== version || other.facts === undefined) {
        const words = `${other.node} has Keelson ${other.version}, and ${hostName} ${version}`;
        const differs = { ...diagnosis('version_differs', other.node, words), weight: 'forbids' as const };
        return success({ machine, diagnoses: inOrder([differs, ...ofThis]) });
      }
      const ofOther = diagnoseNode(other.facts, situationOf(other.node, file, undefined));
      const ofBoth = diagnosePair(
        { node: hostName, facts },
        { node: other.node, facts: other.facts },
        told.value,
        file,
      );
      const diagnoses = inOrder([...ofThis, ...ofOther, ...ofBoth]);
      return success({ machine, other: machineOf(other.facts), diagnoses });
    } finally {
      isLooking = false;
    }
  }

  /** The node that the code is of has to be the one that was planned. */
  async function joinOther({ code, node }: RequestOf<'setup.join'>): Promise<Result<ReplyOf<'setup.join'>>> {
    const config = options.current();
    const management = config?.nodes[hostName]?.management;
    if (config === undefined || management === undefined)
      return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    const met = await ask(code, { kind: 'hello' }, JOIN);
    if (!met.ok) return met;
    if (met.value.answer.node !== node)
      return failed(
        failure('join_code_wrong', `the join code is of ${met.value.answer.node}, not of ${node}`),
      );
    const secret = await options.membership.joinSecret();
    if (!secret.ok) return secret;
    const order = { kind: 'join', address: management, secret: secret.value.joinSecret } as const;
    const joined = await ask(code, order, JOIN);
    return joined.ok
      ? success({ clusterName: joined.value.answer.clusterName ?? config.clusterName })
      : joined;
  }

  return { look, join: joinOther };
}

interface Seen {
  readonly node: NodeName;
  readonly facts: NodeFacts;
}

/** What does not fit together, of the cluster that is planned. */
function diagnosePair(
  own: Seen,
  other: Seen,
  { answer, asked, back }: InvitedReply,
  file: ClusterFile | undefined,
): readonly Diagnosis[] {
  const planned = plannedBy(file);
  if (planned === undefined) return [];
  // RFC 5905, section 8: the way there and the way back are taken to be equally long.
  const offset = (answer.heard - asked + (answer.answered - back)) / 2;
  const uncertainty = Math.max(0, back - asked - (answer.answered - answer.heard)) / 2;
  return [
    ...diagnoseConfiguration(planned),
    ...asDiagnoses(undefined, pairFindings(own, other, { offset, uncertainty }, planned)),
    ...asDiagnoses(own.node, ownerFindings(own, [other], planned)),
    ...asDiagnoses(other.node, ownerFindings(other, [own], planned)),
  ];
}
