import { version } from '../api/schemas/version.ts';
import { examinationOf, type Situation } from '../diagnosis/index.ts';
import { initialConfig } from '../engine/index.ts';
import {
  assertNever,
  encodeJoinCode,
  failed,
  failure,
  success,
  type ClusterConfig,
  type ClusterFile,
  type Examination,
  type InvitedOrder,
  type NodeFacts,
  type NodeName,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { isSameProof, questionProof } from '../platform/doctor/proof.ts';
import { joinCodeKey, signInvited, type InvitedAnswer } from '../platform/formation/invited.ts';
import type { Clock } from '../ports/index.ts';
import type { createKeptSecret } from './kept-secret.ts';
import type { Membership } from './membership.ts';

export interface InvitationOptions {
  readonly hostName: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly kept: ReturnType<typeof createKeptSecret>;
  /** Of the certificate that this node's API shows. */
  readonly fingerprint: () => Promise<string | undefined>;
  /** Where this machine is most likely reached. */
  readonly ownAddress: () => Promise<string | undefined>;
  readonly membership: Pick<Membership, 'join'>;
  readonly look: (order: Examination, version: string) => Promise<NodeFacts>;
}

/** The cluster that a file would form, to look at what it needs; nothing of it is kept. */
export const plannedBy = (file: ClusterFile | undefined): ClusterConfig | undefined =>
  file && initialConfig(file, { clusterId: '', poolSecret: '' });

/** What a machine is looked at for, before there is a cluster. */
export const situationOf = (
  node: NodeName,
  file: ClusterFile | undefined,
  peer: string | undefined,
): Situation => {
  const disk = file?.nodes.find(({ name }) => name === node)?.disk;
  return {
    node,
    config: undefined,
    candidates: disk === undefined ? [] : [disk],
    planned: plannedBy(file),
    peer,
  };
};

/** A node that belongs to nothing yet, and can be found and brought in by whoever has its join code. */
export function createInvitation(options: InvitationOptions) {
  const { hostName, clock, kept, membership, look } = options;
  let isBusy = false;

  async function code({
    address,
  }: RequestOf<'cluster.join-code'>): Promise<Result<ReplyOf<'cluster.join-code'>>> {
    const place = address ?? (await options.ownAddress());
    if (place === undefined)
      return failed(failure('address_invalid', 'this machine has no IPv4 address; give one with --address'));
    const made = await kept.make();
    if (!made.ok) return made;
    const { secret, validUntil } = made.value;
    return success({
      node: hostName,
      code: encodeJoinCode({ secret, address: place }),
      address: place,
      validUntil,
    });
  }

  async function obey(order: InvitedOrder): Promise<Result<Pick<InvitedAnswer, 'facts' | 'clusterName'>>> {
    switch (order.kind) {
      case 'hello':
        return success({});
      case 'look':
        return success({
          facts: await look(examinationOf(situationOf(hostName, order.file, order.asker)), version),
        });
      case 'join': {
        const { address, secret } = order;
        const joined = await membership.join({ address, secret, node: hostName });
        if (!joined.ok) return joined;
        // What it was for is done, and nobody else needs it.
        await kept.end();
        return success({ clusterName: joined.value.clusterName });
      }
      default:
        return assertNever(order);
    }
  }

  /** For whoever has the code. One order at a time, beside greetings. */
  async function invited({
    nonce,
    proof,
    order,
  }: RequestOf<'setup.invited'>): Promise<Result<ReplyOf<'setup.invited'>>> {
    const heard = clock.now();
    const [valid, fingerprint] = await Promise.all([kept.valid(), options.fingerprint()]);
    const key = joinCodeKey(valid?.secret ?? '');
    const isRight =
      valid !== undefined &&
      fingerprint !== undefined &&
      isSameProof(proof, questionProof(key, order.kind, nonce, fingerprint));
    if (!isRight)
      return failed(failure('join_code_wrong', 'the join code is not the one of this node, or is too old'));
    if (order.kind !== 'hello' && isBusy)
      return failed(failure('busy', `${hostName} is at work for a set-up already`));
    if (order.kind !== 'hello') isBusy = true;
    try {
      const done = await obey(order);
      if (!done.ok) return done;
      const answer = { node: hostName, version, heard, answered: clock.now(), ...done.value };
      return success({ answer: signInvited(key, nonce, answer) });
    } finally {
      if (order.kind !== 'hello') isBusy = false;
    }
  }

  return { code, invited };
}
