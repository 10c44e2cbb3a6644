import {
  assertNever,
  failed,
  failure,
  type RequestKind,
  type RequestOf,
  type Result,
  type SetupRequests,
} from '../model/index.ts';
import type { createInvitation } from './invitation.ts';
import type { createSetup } from './setup.ts';

/** Both sides of a set-up: the node where it runs, and the one that is found. */
export interface Setups {
  readonly invitation: ReturnType<typeof createInvitation>;
  readonly setup: ReturnType<typeof createSetup>;
}

export type SetupKind = keyof SetupRequests;

const kinds: Readonly<Record<SetupKind, true>> = {
  'cluster.join-code': true,
  'setup.look': true,
  'setup.join': true,
  'setup.invited': true,
};

export const isForSetup = (kind: RequestKind): kind is SetupKind => Object.hasOwn(kinds, kind);

/** `isMember`: a node of a cluster is neither looked for nor brought in, whatever code it once had. */
export async function askSetup(
  { invitation, setup }: Setups,
  kind: SetupKind,
  request: object,
  isMember: boolean,
): Promise<Result<unknown>> {
  switch (kind) {
    case 'setup.look':
      return setup.look(request);
    case 'setup.join':
      return setup.join(request as RequestOf<'setup.join'>);
    case 'cluster.join-code':
      return isMember
        ? failed(failure('cluster_exists', 'this node needs no join code: it belongs to a cluster'))
        : invitation.code(request);
    case 'setup.invited':
      return isMember
        ? failed(failure('cluster_exists', 'the node that the join code was of belongs to a cluster now'))
        : invitation.invited(request as RequestOf<'setup.invited'>);
    default:
      return assertNever(kind);
  }
}
