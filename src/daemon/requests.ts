import type { EngineRequest, ReplaceRequest } from '../engine/index.ts';
import {
  assertNever,
  failed,
  failure,
  success,
  type Failure,
  type NodeName,
  type RequestKind,
  type RequestOf,
  type RequestTerms,
  type Result,
  type StatusView,
  type WitnessView,
  milliseconds,
} from '../model/index.ts';
import { TOKEN_BYTES } from '../platform/formation/token.ts';
import type { Caller } from '../platform/socket/server.ts';
import type { Random } from '../ports/index.ts';
import type { Discovery } from './discovery.ts';
import { loadConfig, restoreConfig, saveConfig } from './config-requests.ts';
import type { Doctor } from './doctor.ts';
import { AUTHKEY_BYTES, type Membership } from './membership.ts';
import { addPortal, type PortalCheck } from './portal-requests.ts';
import { askSetup, isForSetup, type Setups, type SetupKind } from './setup-requests.ts';
import type { Records } from './records.ts';
import { checkRequest } from './request-schemas.ts';
import type { Runtime } from './runtime.ts';
import { emptyStatus } from './unformed.ts';
import type { WitnessRequests } from './witness-requests.ts';

/** How far this node's engine is. `starting`: it has not looked at its disk yet, and says nothing of what it is. */
export type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unformed' }
  | { readonly kind: 'damaged'; readonly failure: Failure }
  | {
      readonly kind: 'running';
      readonly runtime: Pick<Runtime, 'request'>;
      readonly records: Records;
      /** Undefined where the cluster has none. */
      readonly witness: () => WitnessView | undefined;
    };

export interface RequestsOptions {
  readonly stage: () => Stage;
  readonly doctor: Pick<Doctor, 'report' | 'examination'>;
  readonly discovery: Discovery;
  /** Of the cluster that this node belongs to; none where it belongs to none. */
  readonly nodes: () => readonly NodeName[];
  readonly membership: Membership;
  readonly witnesses: WitnessRequests;
  readonly random: Random;
  readonly setups: Setups;
  readonly checkPortal: PortalCheck;
}

const superuser = 0;

/** Answers what comes over the engine's socket: who may ask, whether it fits, and whether this node can answer yet. */
export function createRequests(options: RequestsOptions) {
  const { stage, membership, doctor, discovery, nodes, witnesses, random, setups, checkPortal } = options;
  return async (
    kind: RequestKind,
    request: object,
    caller: Caller,
    terms?: RequestTerms,
  ): Promise<Result<unknown>> => {
    // DRBD's handler is run by the kernel, as root; the API has no business with fencing.
    if (kind === 'fence-peer' && caller.uid !== superuser)
      return failed(failure('not_allowed', `user ${caller.uid} may not have a node fenced`));
    const checked = checkRequest(kind, request);
    if (!checked.ok) return checked;
    const now = stage();
    // In whatever state the node is: it is asked when something is wrong.
    if (kind === 'doctor')
      return doctor.report(checked.value as RequestOf<'doctor'>, () => statusOf(now, caller.gone));
    if (kind === 'doctor.examine') return doctor.examination(checked.value as RequestOf<'doctor.examine'>);
    // Asked of this machine, whatever it belongs to.
    if (kind === 'fence.discover' && (now.kind === 'unformed' || now.kind === 'running'))
      return discovery(checked.value as RequestOf<'fence.discover'>, nodes());
    if (isForSetup(kind) && (now.kind === 'unformed' || now.kind === 'running'))
      return askSetup(setups, kind, checked.value, now.kind === 'running');
    switch (now.kind) {
      case 'starting':
        return failed(failure('not_synchronised', 'the engine of this node is just starting'));
      case 'damaged':
        return failed(now.failure);
      case 'unformed':
        return belongsToNone(membership, kind, checked.value);
      case 'running':
        if (isForRecords(kind)) return askRecords(now.records, kind, checked.value);
        if (kind === 'status') return status(now, caller.gone);
        if (kind === 'witness.add')
          return witnesses.add(now.runtime, checked.value as RequestOf<'witness.add'>, caller.gone);
        if (kind === 'node.replace')
          return now.runtime.request(
            kind,
            withKeys(checked.value as RequestOf<'node.replace'>, random),
            caller.gone,
          );
        if (kind === 'portal.add')
          return addPortal(
            now.runtime,
            checkPortal,
            checked.value as RequestOf<'portal.add'>,
            caller.gone,
            terms,
          );
        if (kind === 'config.restore')
          return restoreConfig(now, checked.value as RequestOf<'config.restore'>, caller.gone);
        if (kind === 'config.save')
          return saveConfig(now, checked.value as RequestOf<'config.save'>, milliseconds(Date.now()));
        if (kind === 'config.load')
          return loadConfig(now, checked.value as RequestOf<'config.load'>, caller.gone);
        return isForMembership(kind)
          ? askMembership(membership, kind, checked.value)
          : now.runtime.request(kind as EngineRequest['kind'], checked.value, caller.gone, terms);
      default:
        return assertNever(now);
    }
  };
}

/** What is asked of this machine, whatever it belongs to. */
type MachineKind = 'doctor' | 'doctor.examine' | 'fence.discover';

/** What is asked with a file. */
type BackupKind = 'config.save' | 'config.load';

type MembershipKind = Exclude<
  RequestKind,
  EngineRequest['kind'] | RecordKind | MachineKind | SetupKind | BackupKind
>;

const membershipKinds: Readonly<Record<MembershipKind, true>> = {
  'cluster.init': true,
  'cluster.join': true,
  'cluster.admit': true,
  'cluster.join-secret': true,
};

const recordKinds = ['config', 'config.history', 'config.diff', 'config.lost', 'config.lost.clear'] as const;
type RecordKind = (typeof recordKinds)[number];

const isForRecords = (kind: RequestKind): kind is RecordKind => recordKinds.some((one) => one === kind);

const isForMembership = (kind: RequestKind): kind is MembershipKind => Object.hasOwn(membershipKinds, kind);

async function askRecords(records: Records, kind: RecordKind, request: object): Promise<Result<unknown>> {
  switch (kind) {
    case 'config':
      return records.show((request as RequestOf<'config'>).revision);
    case 'config.history':
      return records.history((request as RequestOf<'config.history'>).limit);
    case 'config.diff': {
      const { from, to } = request as RequestOf<'config.diff'>;
      return records.diff(from, to);
    }
    case 'config.lost':
      return records.losses();
    case 'config.lost.clear':
      return records.clearLosses();
    default:
      return assertNever(kind);
  }
}

/** The engine knows its cluster; whether the witness votes is only known here. */
async function status(
  { runtime, witness }: Extract<Stage, { kind: 'running' }>,
  gone: AbortSignal,
): Promise<Result<StatusView>> {
  const answered = await runtime.request('status', {}, gone);
  const view = witness();
  if (!answered.ok || view === undefined) return answered as Result<StatusView>;
  return success({ ...(answered.value as StatusView), witness: view });
}

/** What the cluster says of itself; undefined where the node belongs to none. */
async function statusOf(stage: Stage, gone: AbortSignal): Promise<Result<StatusView> | undefined> {
  switch (stage.kind) {
    case 'starting':
      return failed(failure('not_synchronised', 'the engine of this node is just starting'));
    case 'damaged':
      return failed(stage.failure);
    case 'unformed':
      return undefined;
    case 'running':
      return status(stage, gone);
    default:
      return assertNever(stage);
  }
}

/** What the old machine knows is drawn anew; it is used where the replacement is begun by this. */
const withKeys = (request: RequestOf<'node.replace'>, random: Random): ReplaceRequest =>
  request.machine === true
    ? { ...request, secrets: { authkey: random.hex(AUTHKEY_BYTES), token: random.hex(TOKEN_BYTES) } }
    : request;

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
  if (isForMembership(kind)) return askMembership(membership, kind, request);
  if (kind === 'status') return success(emptyStatus);
  if (kind === 'nodes') return success([]);
  if (kind === 'luns' || kind === 'snapshots' || kind === 'pools' || kind === 'targets')
    return success({ items: [] });
  return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
}
