import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * How nodes of a cluster know each other where Corosync does not help: by the key of Corosync, which all of them have
 * and nobody else. It never goes over the network. A question is bound to the certificate that the asked node showed,
 * so that nobody in between can pass it on; an answer is bound to the question by its nonce.
 */
const keyOf = (authkey: string): Buffer => createHmac('sha256', authkey).update('keelson doctor').digest();

const proofOf = (authkey: string, ...parts: readonly string[]): string =>
  createHmac('sha256', keyOf(authkey)).update(JSON.stringify(parts)).digest('hex');

/** `fingerprint`: of the certificate that the asked node shows. */
export const questionProof = (authkey: string, node: string, nonce: string, fingerprint: string): string =>
  proofOf(authkey, 'question', node, nonce, fingerprint);

export const answerProof = (authkey: string, nonce: string, text: string): string =>
  proofOf(authkey, 'answer', nonce, text);

export function isSameProof(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
