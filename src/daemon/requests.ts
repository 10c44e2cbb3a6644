import type { EngineRequest } from '../engine/index.ts';
import {
  assertNever,
  failed,
  failure,
  success,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import type { Caller } from '../platform/socket/server.ts';
import type { Membership } from './membership.ts';
import { checkRequest } from './request-schemas.ts';
import type { Runtime } from './runtime.ts';
import { emptyStatus } from './unformed.ts';

/** How far this node's engine is. `starting`: it has not looked at its disk yet, and says nothing of what it is. */
export type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unformed' }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'running'; readonly runtime: Pick<Runtime, 'request'> };

export interface RequestsOptions {
  readonly stage: () => Stage;
  readonly membership: Membership;
}

const superuser = 0;

/** Answers what comes over the engine's socket: who may ask, whether it fits, and whether this node can answer yet. */
export function createRequests({ stage, membership }: RequestsOptions) {
  return async (kind: RequestKind, request: object, caller: Caller): Promise<Result<unknown>> => {
    // DRBD's handler is run by the kernel, as root; the API has no business with fencing.
    if (kind === 'fence-peer' && caller.uid !== superuser)
      return failed(failure('not_allowed', `user ${caller.uid} may not have a node fenced`));
    const checked = checkRequest(kind, request);
    if (!checked.ok) return checked;
    const now = stage();
    switch (now.kind) {
      case 'starting':
        return failed(failure('not_synchronised', 'the engine of this node is just starting'));
      case 'damaged':
        return failed(failure('store_damaged', now.reason));
      case 'unformed':
        return belongsToNone(membership, kind, checked.value);
      case 'running':
        return isForEngine(kind)
          ? now.runtime.request(kind, checked.value, caller.gone)
          : askMembership(membership, kind, checked.value);
      default:
        return assertNever(now);
    }
  };
}

type MembershipKind = Exclude<RequestKind, EngineRequest['kind']>;

const membershipKinds: Readonly<Record<MembershipKind, true>> = {
  'cluster.init': true,
  'cluster.join': true,
  'cluster.admit': true,
  'cluster.join-secret': true,
};

const isForEngine = (kind: RequestKind): kind is EngineRequest['kind'] =>
  !Object.hasOwn(membershipKinds, kind);

function askMembership(
  membership: Membership,
  kind: MembershipKind,
  request: object,
): Promise<Result<unknown>> {
  switch (kind) {
    case 'cluster.init':
      return membership.init(request as RequestOf<'cluster.init'>);
    case 'cluster.join':
      return membership.join(request as RequestOf<'cluster.join'>);
    case 'cluster.admit':
      return membership.admit(request as RequestOf<'cluster.admit'>);
    case 'cluster.join-secret':
      return membership.joinSecret();
    default:
      return assertNever(kind);
  }
}

async function belongsToNone(
  membership: Membership,
  kind: RequestKind,
  request: object,
): Promise<Result<unknown>> {
  if (!isForEngine(kind)) return askMembership(membership, kind, request);
  if (kind === 'status') return success(emptyStatus);
  if (kind === 'nodes' || kind === 'luns') return success([]);
  return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
}
