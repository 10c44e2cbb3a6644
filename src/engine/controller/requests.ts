import {
  assertNever,
  bytes,
  failed,
  failure,
  roundUpToExtent,
  success,
  type ClusterConfig,
  type KeyRecord,
  type PoolIntent,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
  type TargetIntent,
} from '../../model/index.ts';
import { compareNames } from '../blueprint/part.ts';
import { onHint } from '../executor/executor.ts';
import { confirmOff } from '../fencing/by-hand.ts';
import { newestFirst } from '../fencing/history.ts';
import { begunPowerOn, powerOn } from '../fencing/power-on.ts';
import { testFencing } from '../fencing/testing.ts';
import { isPromotion } from '../fencing/promotion.ts';
import { canLook, isWhole, mayWish, wish } from '../fencing/replication.ts';
import { clusterDocument, lunPage, lunView, nodeViews, resourceViews, statusView } from '../explain/index.ts';
import { accessOf, targetMissing, unprovenNodes, type Access } from '../config/index.ts';
import { begunReplacement, replaceNode, type ReplaceRequest } from '../replacement/requests.ts';
import { recoveryView } from '../split/recovery.ts';
import { begunRecovery, recoverPool } from '../split/requests.ts';
import { replacementView } from '../replacement/progress.ts';
import { addWitness, operationOf, removeWitness, type WitnessRequest } from '../quorum/requests.ts';
import { operationView } from '../quorum/witness-change.ts';
import { durableRevision } from './configuration.ts';
import { multicast, peerOf, reply, uniqueName } from './draft.ts';
import {
  changedHost,
  createHost,
  deleteHost,
  mapLun,
  setHost,
  showHost,
  showHosts,
  showReach,
  unmapLun,
} from './hosts.ts';
import { cloneLun } from './clones.ts';
import { changedSize, growLun } from './growth.ts';
import type { EngineRequest } from './input.ts';
import { doesNotFit } from './room.ts';
import { restoreConfig, type RestoreRequest } from './restoring.ts';
import {
  lookFirst,
  needsSessions,
  seen,
  sessionsRefusal,
  sessionsView,
  type SessionRequest,
} from './sessions.ts';
import {
  changedSnapshot,
  createSnapshot,
  deleteSnapshot,
  rollBack,
  showSnapshot,
  showSnapshots,
} from './snapshots.ts';
import { pend, submit } from './submit.ts';
import { takeTerms } from './take-terms.ts';
import {
  addPortal,
  changedTarget,
  removePortal,
  showPool,
  showPools,
  showTarget,
  showTargets,
} from './targets.ts';
import { goneAgain, operationOfKey, recordOf, taggedPage, withEtag } from './terms.ts';
import { changedWish, leave, setCluster, setNode, setResource, waive } from './wishes.ts';
import type { Draft, Instance } from './state.ts';

/** Requests that wait at one time; more are refused with `busy`. */
const REQUESTS_WAITING = 1000;

export function onRequest(draft: Draft, id: number, request: EngineRequest): void {
  if (Object.keys(draft.state.requests).length >= REQUESTS_WAITING)
    return reply(draft, id, failed(failure('busy', 'too many requests wait for the engine')));
  if (takeTerms(draft, id, request)) return;
  const { state } = draft;
  switch (request.kind) {
    case 'status':
      return reply(draft, id, success(statusView(state)));
    case 'nodes':
      return reply(draft, id, success(nodeViews(state)));
    case 'document':
      return reply(draft, id, success(clusterDocument(state)));
    case 'luns':
      return reply(draft, id, success(taggedPage(draft, 'luns', lunPage(state, body<'luns'>(request)))));
    case 'lun':
      return reply(draft, id, findLun(draft, body<'lun'>(request).name));
    case 'operation': {
      const operation = state.config.current.operations[body<'operation'>(request).id];
      const missing = failure(
        'operation_not_found',
        `there is no operation ${body<'operation'>(request).id}`,
      );
      return reply(
        draft,
        id,
        operation === undefined
          ? failed(missing)
          : success(recoveryView(state, replacementView(state, operationView(state, operation)))),
      );
    }
    case 'lun.create':
      return createLun(draft, id, body<'lun.create'>(request), request.entropy);
    case 'lun.clone':
      return cloneLun(draft, id, body<'lun.clone'>(request), request.entropy);
    case 'snapshots':
      return showSnapshots(draft, id, body<'snapshots'>(request));
    case 'snapshot':
      return showSnapshot(draft, id, body<'snapshot'>(request));
    case 'snapshot.create':
      return createSnapshot(draft, id, body<'snapshot.create'>(request), request.entropy);
    case 'snapshot.delete':
      return deleteSnapshot(draft, id, body<'snapshot.delete'>(request));
    case 'lun.delete':
    case 'lun.rollback':
    case 'lun.unmap':
    case 'host.set':
    case 'host.delete':
    case 'sessions':
      return needsSessions(request) ? onceSeen(draft, id, request) : undefined;
    case 'lun.grow':
      return growLun(draft, id, body<'lun.grow'>(request));
    case 'lun.map':
      return mapLun(draft, id, body<'lun.map'>(request));
    case 'pools':
      return showPools(draft, id, body<'pools'>(request));
    case 'pool':
      return showPool(draft, id, body<'pool'>(request));
    case 'targets':
      return showTargets(draft, id, body<'targets'>(request));
    case 'target':
      return showTarget(draft, id, body<'target'>(request));
    case 'portal.add':
      return addPortal(draft, id, body<'portal.add'>(request));
    case 'portal.remove':
      return removePortal(draft, id, body<'portal.remove'>(request));
    case 'hosts':
      return showHosts(draft, id, body<'hosts'>(request));
    case 'host':
      return showHost(draft, id, body<'host'>(request));
    case 'host.reach':
      return showReach(draft, id, body<'host.reach'>(request));
    case 'host.create':
      return createHost(draft, id, body<'host.create'>(request));
    case 'cleanup':
      return cleanup(draft, id, body<'cleanup'>(request));
    case 'resources':
      return reply(draft, id, success(resourceViews(state)));
    case 'node.set':
      return setNode(draft, id, body<'node.set'>(request));
    case 'node.leave':
      return leave(draft, id, body<'node.leave'>(request));
    case 'node.confirm-off':
      return confirmOff(draft, id, body<'node.confirm-off'>(request));
    case 'node.power-on':
      return powerOn(draft, id, body<'node.power-on'>(request));
    case 'node.replace':
      return replaceNode(draft, id, request.body as ReplaceRequest);
    case 'pool.recover':
      return recoverPool(draft, id, body<'pool.recover'>(request));
    case 'fence.test':
      return testFencing(draft, id, body<'fence.test'>(request));
    case 'fence.waive':
      return waive(draft, id, body<'fence.waive'>(request));
    case 'fence.history':
      return reply(draft, id, success(newestFirst(state, body<'fence.history'>(request).limit)));
    case 'cluster.set':
      return setCluster(draft, id, body<'cluster.set'>(request));
    case 'resource.set':
      return setResource(draft, id, body<'resource.set'>(request));
    case 'witness.add':
      return addWitness(draft, id, request.body as WitnessRequest);
    case 'witness.remove':
      return removeWitness(draft, id);
    case 'config.restore':
      return restoreConfig(draft, id, request.body as RestoreRequest);
    case 'fence-peer':
      return fencePeer(draft, id, body<'fence-peer'>(request));
    default:
      return assertNever(request.kind);
  }
}

function onceSeen(draft: Draft, id: number, request: SessionRequest): void {
  const unseen = lookFirst(draft, id, request);
  if (unseen !== 'waiting') carryOut(draft, id, request, unseen);
}

/** What waited for the nodes to say who is connected. */
export function carryOutSeen(draft: Draft): void {
  for (const [id, { request, unseen }] of seen(draft.state))
    if (needsSessions(request)) carryOut(draft, id, request, unseen);
}

/** What was asked, now that it is known who is connected; but for `unseen`. */
function carryOut(draft: Draft, id: number, request: SessionRequest, unseen: readonly Instance[]): void {
  const { state } = draft;
  const refusal = sessionsRefusal(state, request, unseen);
  if (refusal !== undefined) return reply(draft, id, failed(refusal));
  switch (request.kind) {
    case 'lun.delete':
      return deleteLun(draft, id, body<'lun.delete'>(request));
    case 'lun.rollback':
      return rollBack(draft, id, body<'lun.rollback'>(request), request.entropy);
    case 'lun.unmap':
      return unmapLun(draft, id, body<'lun.unmap'>(request));
    case 'host.set':
      return setHost(draft, id, body<'host.set'>(request));
    case 'host.delete':
      return deleteHost(draft, id, body<'host.delete'>(request));
    case 'sessions':
      return showSessions(draft, id, request, unseen);
    default:
      return assertNever(request.kind);
  }
}

function showSessions(draft: Draft, id: number, request: SessionRequest, unseen: readonly Instance[]): void {
  const { lun, host } = body<'sessions'>(request);
  const { luns, hosts } = draft.state.config.current;
  if (lun !== undefined && luns[lun] === undefined)
    return reply(draft, id, failed(failure('lun_not_found', `there is no LUN ${lun}`)));
  if (host !== undefined && hosts[host] === undefined)
    return reply(draft, id, failed(failure('host_not_found', `there is no host ${host}`)));
  reply(draft, id, success(sessionsView(draft.state, request, unseen)));
}

/** The socket's server has looked at the kind only; the API's schemas made the body. */
const body = <Kind extends RequestKind>({ body: sent }: { readonly body: unknown }): RequestOf<Kind> =>
  sent as RequestOf<Kind>;

function findLun(draft: Draft, name: string): Result<ReplyOf<'lun'>> {
  const lun = draft.state.config.current.luns[name];
  return lun === undefined
    ? failed(failure('lun_not_found', `there is no LUN ${name}`))
    : success(withEtag(draft, 'luns', lunView(draft.state, lun)));
}

function createLun(draft: Draft, id: number, wanted: RequestOf<'lun.create'>, entropy: string): void {
  const { current } = draft.state.config;
  const place = placeFor(wanted, current);
  if (!place.ok) return reply(draft, id, place);
  const { pool, target } = place.value;
  // For one that is there already, as it is.
  const before = Object.hasOwn(current.luns, wanted.name) ? current.luns[wanted.name] : undefined;
  const thin = (wanted.thin ?? before?.thin) === true ? true : undefined;
  if (before === undefined) {
    const unproven = unprovenNodes(current);
    if (unproven.length > 0)
      return reply(
        draft,
        id,
        failed(failure('fence_untested', `the fencing of ${unproven.join(' and ')} was never tested`)),
      );
    const refusal = doesNotFit(draft.state, pool, roundUpToExtent(bytes(wanted.size)), thin);
    if (refusal !== undefined) return reply(draft, id, refusal);
  }
  submit(draft, id, 'lun.create', wanted.name, {
    kind: 'lun.create',
    name: wanted.name,
    pool: pool.name,
    target: target.name,
    size: wanted.size,
    ...(thin && { thin }),
    ...accessFor(wanted, current),
    serial: entropy.slice(0, 32),
    operation: uniqueName(draft, 'operation'),
  });
}

/** A LUN that is there stays where it is, if nothing else is asked. Of several pools, one has to be named. */
function placeFor(
  { name, pool, target }: RequestOf<'lun.create'>,
  { luns, pools, targets }: ClusterConfig,
): Result<{ readonly pool: PoolIntent; readonly target: TargetIntent }> {
  const before = Object.hasOwn(luns, name) ? luns[name] : undefined;
  const named = target ?? (pool === undefined || pool === before?.pool ? before?.target : undefined);
  const known = Object.values(targets).sort((one, other) => compareNames(one.name, other.name));
  if (named !== undefined && !Object.hasOwn(targets, named)) return failed(targetMissing(named));
  if (pool !== undefined && !Object.hasOwn(pools, pool))
    return failed(failure('pool_not_found', `there is no pool ${pool}`));
  if (named === undefined && pool === undefined && Object.keys(pools).length > 1)
    return failed(failure('pool_not_named', `there are the pools ${Object.keys(pools).sort().join(', ')}`));
  const found = known.find(
    (one) => (named === undefined || one.name === named) && (pool === undefined || one.pool === pool),
  );
  const its = found === undefined ? undefined : pools[found.pool];
  return found === undefined || its === undefined
    ? failed(failure('target_not_found', `the pool ${pool ?? ''} has no target ${named ?? ''}`.trim()))
    : success({ pool: its, target: found });
}

/** All hosts where none is named; for a LUN that is there already, those that it has. */
function accessFor(
  { name, hosts, readOnlyHosts }: RequestOf<'lun.create'>,
  { luns, hosts: known }: ClusterConfig,
): Access {
  const before = hosts === undefined ? luns[name] : undefined;
  return accessOf(
    hosts ?? before?.hosts ?? Object.keys(known).sort(),
    readOnlyHosts ?? before?.readOnlyHosts,
  );
}

function deleteLun(draft: Draft, id: number, wanted: RequestOf<'lun.delete'>): void {
  if (draft.state.config.current.luns[wanted.name] === undefined)
    return reply(draft, id, success({ operation: undefined }));
  submit(draft, id, 'lun.delete', wanted.name, {
    kind: 'lun.delete',
    name: wanted.name,
    ...(wanted.snapshots === true && { snapshots: true }),
    operation: uniqueName(draft, 'operation'),
  });
}

/** Requests whose change is on all disks now. */
export function answerDurable(draft: Draft): void {
  const durable = durableRevision(draft.state);
  for (const [id, { kind, waitsFor }] of Object.entries(draft.state.requests)) {
    if (waitsFor.kind !== 'entry' || waitsFor.revision === undefined || waitsFor.revision > durable) continue;
    const { answer, subject } = waitsFor;
    reply(
      draft,
      Number(id),
      answer === undefined ? changed(draft, Number(id), kind, subject) : success(answer),
    );
  }
}

/** What has become of the thing that was to be changed. */
function changed(draft: Draft, id: number, kind: RequestKind, subject: string): Result<unknown> {
  const { state } = draft;
  if (kind === 'lun.grow') return changedSize(draft, subject, recordOf(state, id));
  if (kind === 'witness.add' || kind === 'witness.remove') return success(operationOf(state, kind, subject));
  if (kind === 'node.replace') return begunReplacement(state, subject);
  if (kind === 'pool.recover') return begunRecovery(state, '', subject);
  const record = recordOf(state, id);
  const known =
    changedWish(state, kind, subject) ??
    changedHost(draft, kind, subject, record) ??
    changedTarget(draft, kind, subject) ??
    changedSnapshot(draft, kind, subject, record) ??
    (kind === 'node.power-on' ? begunPowerOn(state, subject, record?.operation) : undefined);
  return known ?? changedLun(draft, kind, subject, record);
}

function changedLun(
  draft: Draft,
  kind: RequestKind,
  name: string,
  record: KeyRecord | undefined,
): Result<unknown> {
  const { state } = draft;
  const { luns, operations } = state.config.current;
  const lun = luns[name];
  const last = operations[lun?.operation ?? ''];
  // One that was rolled back since was made long ago.
  const operation = operationOfKey(state, record) ?? (last?.kind === 'lun.rollback' ? undefined : last);
  if (kind === 'lun.delete') return success({ operation });
  // A LUN of this name that was made since by another request is none of this one's.
  const isGone = lun?.serial !== record?.serial || lun?.state === 'deleting';
  if (record !== undefined && isGone) return goneAgain(state, record);
  return lun === undefined
    ? failed(failure('lun_not_found', `LUN ${name} was deleted again`))
    : success({ lun: withEtag(draft, 'luns', lunView(state, lun)), operation });
}

function cleanup(draft: Draft, id: number, { node, resource }: RequestOf<'cleanup'>): void {
  const { status } = draft.state;
  if (node !== undefined && status.nodes[node] === undefined)
    return reply(draft, id, failed(failure('node_not_found', `there is no node ${node}`)));
  const concerned = Object.entries(status.nodes)
    .filter(([name]) => node === undefined || node === name)
    .flatMap(([, { instances }]) => Object.entries(instances))
    .filter(
      ([name, { failures }]) => failures !== undefined && (resource === undefined || resource === name),
    );
  multicast(draft, { kind: 'cleanup', node, resource });
  reply(draft, id, success({ cleared: concerned.length }));
}

/**
 * DRBD's kernel asks before it goes on alone: answered when the peer's fencing is confirmed, however long it takes. Where
 * it asks before it is promoted and the peer serves, that is the answer, and nobody is put out; where the two are
 * connected after all, the promotion is told so and tries anew.
 */
function fencePeer(draft: Draft, id: number, { pool, role }: RequestOf<'fence-peer'>): void {
  const target = peerOf(draft.state, pool, draft.state.self);
  if (target === undefined)
    return reply(draft, id, failed(failure('pool_not_found', `there is no pool ${pool} on this node`)));
  const promotes = isPromotion(draft.state, pool, role);
  const isOff = draft.state.status.nodes[target]?.state === 'offline';
  if (!isOff && canLook(draft.state, pool) && isWhole(draft.state, pool, target)) {
    // Asked too early, before the loss was seen, or too late: looked at again before the question is repeated.
    onHint(draft, `drbd-${pool}`);
    if (!promotes) return reply(draft, id, failed(failure('busy', `pool ${pool} was last seen connected`)));
  }
  const waitsFor = { kind: 'fence', pool, target, since: draft.now, promotes } as const;
  pend(draft, id, { kind: 'fence-peer', waitsFor });
  if (isOff || isWhole(draft.state, pool, target) || !mayWish(draft, pool, target, promotes)) return;
  wish(draft, pool, target);
}
