import {
  decodeJoinCode,
  failed,
  failure,
  success,
  type InvitedOrder,
  type Milliseconds,
  type NodeFacts,
  type NodeName,
  type Result,
} from '../../model/index.ts';
import { answerProof, isSameProof, questionProof } from '../doctor/proof.ts';
import { askPinned, askShown } from './pinned.ts';

/** What a node that was found by its join code answers with, as text: what it signs is what it sends. */
export interface InvitedAnswer {
  readonly node: NodeName;
  readonly version: string;
  /** By its clock, in milliseconds: when the question came, and when the answer went. */
  readonly heard: number;
  readonly answered: number;
  /** Of a look. */
  readonly facts?: NodeFacts;
  /** Of a join. */
  readonly clusterName?: string;
}

export interface InvitedQuestion {
  /** As a person typed it. */
  readonly code: string;
  /** The default is 8443. */
  readonly port?: number | undefined;
  readonly order: InvitedOrder;
  /** Each never used before, at least 16 random bytes as hex. */
  readonly nonce: () => string;
  /** Milliseconds for the order itself. */
  readonly timeout: number;
  /** The time of day, in milliseconds. */
  readonly now: () => number;
}

export interface InvitedReply {
  readonly answer: InvitedAnswer;
  /** Where it was found. */
  readonly address: string;
  /** When the question went and the answer was back, in milliseconds. */
  readonly asked: number;
  readonly back: number;
}

const HELLO_TIMEOUT = 20_000 as Milliseconds;

/** The join code is the key by which both know each other; never the key of anything else. */
export const joinCodeKey = (secret: string): string => `join code ${secret}`;

/**
 * Asks the node that a join code is of (`POST /api/v1/setup/invited`). It is first only greeted: it has to prove that it
 * has the code, and its certificate with it; the order, which may hold secrets, goes to that certificate and to no other. The
 * code itself never goes over the network. Failures: `join_code_wrong`, `peer_unreachable`, `peer_not_trusted`, and what the node
 * refuses with.
 */
export async function askInvited(question: InvitedQuestion): Promise<Result<InvitedReply>> {
  const { port = 8443, order, nonce, timeout, now } = question;
  const decoded = decodeJoinCode(question.code);
  if (!decoded.ok) return decoded;
  const { secret, address } = decoded.value;
  const key = joinCodeKey(secret);
  const rest = { path: '/api/v1/setup/invited', member: 'answer', forbidden: 'join_code_wrong' } as const;
  const bodyOf = (asked: InvitedOrder, once: string, fingerprint: string): object => ({
    nonce: once,
    proof: questionProof(key, asked.kind, once, fingerprint),
    order: asked,
  });
  let known = '';
  let asked = now();
  let once = nonce();
  const greeted = await askShown(
    { address, port, timeout: HELLO_TIMEOUT },
    {
      ...rest,
      body: (fingerprint) => {
        known = fingerprint;
        asked = now();
        return bodyOf({ kind: 'hello' }, once, fingerprint);
      },
    },
  );
  const hello = believed(greeted, key, once, address);
  if (!hello.ok || order.kind === 'hello')
    return hello.ok ? success({ answer: hello.value, address, asked, back: now() }) : hello;
  once = nonce();
  asked = now();
  const said = await askPinned(
    { address, port, fingerprint: known, timeout },
    { ...rest, body: bodyOf(order, once, known) },
  );
  const back = now();
  const answer = believed(said, key, once, address);
  return answer.ok ? success({ answer: answer.value, address, asked, back }) : answer;
}

function believed(said: Result<string>, key: string, nonce: string, address: string): Result<InvitedAnswer> {
  if (!said.ok) return said;
  const [proof = '', ...words] = said.value.split(' ');
  const text = words.join(' ');
  if (!isSameProof(proof, answerProof(key, nonce, text)))
    return failed(failure('peer_not_trusted', `${address} does not prove that it has the join code`));
  // It has the code that a person carried from it: what it says is believed.
  return success(JSON.parse(text) as InvitedAnswer);
}

export const signInvited = (key: string, nonce: string, answer: InvitedAnswer): string => {
  const text = JSON.stringify(answer);
  return `${answerProof(key, nonce, text)} ${text}`;
};
