import {
  failed,
  failure,
  success,
  type NodeFacts,
  type NodeName,
  type PeerFacts,
  type Result,
} from '../../model/index.ts';
import { askShown } from '../formation/pinned.ts';
import { answerProof, isSameProof, questionProof } from './proof.ts';

export interface PeerQuestion {
  readonly address: string;
  /** The default is 8443. */
  readonly port?: number;
  /** Who asks. */
  readonly node: NodeName;
  /** Corosync's key. Secret. */
  readonly authkey: string;
  /** Never used before, at least 16 random bytes as hex. */
  readonly nonce: string;
  /** Milliseconds for all of it. */
  readonly timeout: number;
  /** The time of day, in milliseconds. */
  readonly now: () => number;
}

/** What the asked node answers with, as text: what it signs is what it sends. */
export interface PeerAnswer {
  readonly facts: NodeFacts;
  /** By the clock of the node that was asked: when the question came, and when the answer went. */
  readonly heard: number;
  readonly answered: number;
}

/**
 * Has the peer look at itself, over its API (`POST /api/v1/doctor/examination`). Failures: `peer_unreachable`,
 * `peer_not_trusted` where it cannot prove that it has this cluster's key, and what it refuses with.
 */
export async function askPeer(question: PeerQuestion): Promise<Result<PeerFacts>> {
  const { address, port = 8443, node, authkey, nonce, timeout, now } = question;
  let asked = now();
  const said = await askShown(
    { address, port, timeout },
    {
      path: '/api/v1/doctor/examination',
      body: (fingerprint) => {
        asked = now();
        return { node, nonce, proof: questionProof(authkey, node, nonce, fingerprint) };
      },
      member: 'examination',
      forbidden: 'proof_wrong',
    },
  );
  const back = now();
  if (!said.ok) return said;
  const [proof = '', ...rest] = said.value.split(' ');
  const text = rest.join(' ');
  if (!isSameProof(proof, answerProof(authkey, nonce, text)))
    return failed(failure('peer_not_trusted', `${address} does not prove that it has this cluster’s key`));
  // It has the key, so it is one of ours: what it says is believed.
  const { facts, heard, answered } = JSON.parse(text) as PeerAnswer;
  // RFC 5905, section 8: the way there and the way back are taken to be equally long.
  const offset = (heard - asked + (answered - back)) / 2;
  const roundTrip = back - asked - (answered - heard);
  return success({ facts, clock: { offset, uncertainty: Math.max(0, roundTrip) / 2 } });
}

export const signAnswer = (authkey: string, nonce: string, answer: PeerAnswer): string => {
  const text = JSON.stringify(answer);
  return `${answerProof(authkey, nonce, text)} ${text}`;
};
