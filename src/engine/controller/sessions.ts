import {
  assertNever,
  failure,
  type Failure,
  type LunIntent,
  type RequestOf,
  type SessionsView,
} from '../../model/index.ts';
import { inWords, nodesIn, sessionsOf } from '../explain/index.ts';
import { isUnwatched } from '../planner/index.ts';
import { change, multicast, scaled, timer } from './draft.ts';
import type { EngineRequest } from './input.ts';
import type { Draft, EngineState, Instance } from './state.ts';
import { mayChange, pend } from './submit.ts';

/** Milliseconds, on a real machine: a look takes a few. */
const PATIENCE = 4000;

/** A request for which it matters who is connected. */
export interface SessionRequest extends EngineRequest {
  readonly kind: 'lun.delete' | 'lun.rollback' | 'lun.unmap' | 'host.set' | 'host.delete' | 'sessions';
}

export const needsSessions = (request: EngineRequest): request is SessionRequest =>
  request.kind === 'lun.delete' ||
  request.kind === 'lun.rollback' ||
  request.kind === 'lun.unmap' ||
  request.kind === 'host.set' ||
  request.kind === 'host.delete' ||
  request.kind === 'sessions';

/** Whose sessions on which targets a request is about; without `initiators` everybody's. */
interface Concern {
  readonly what: string;
  readonly targets: readonly string[];
  readonly initiators?: ReadonlySet<string>;
}

const NOTHING: Concern = { what: '', targets: [] };

/**
 * Has the nodes look who is connected, where that matters; what was asked is carried out when they have answered
 * (`seen`), or when nobody waits for them any longer. Where there is nothing to wait for: those that cannot be asked.
 */
export function lookFirst(
  draft: Draft,
  id: number,
  request: SessionRequest,
): 'waiting' | readonly Instance[] {
  if (isForced(request)) return [];
  const { known, open } = instancesOf(draft.state, concernOf(draft.state, request));
  if (open.length === 0 || !mayChange(draft.state)) return [...known, ...open];
  pend(draft, id, {
    kind: request.kind,
    waitsFor: { kind: 'look', request, open, unseen: known },
  });
  for (const { node, resource } of open) multicast(draft, { kind: 'look', node, resource });
  timer(draft, `look ${id}`, scaled(draft.state, PATIENCE));
  return 'waiting';
}

/** A node has reported what it sees. */
export function onSeen(draft: Draft, node: string, resource: string): void {
  changeOpen(draft, (waits) => ({
    ...waits,
    open: waits.open.filter((one) => one.node !== node || one.resource !== resource),
  }));
}

/** Whoever has not answered by now could not be asked. */
export const onLookOverdue = (draft: Draft, id: number): void =>
  changeOpen(draft, (waits) => ({ ...waits, open: [], unseen: [...waits.unseen, ...waits.open] }), id);

type Waits = Extract<EngineState['requests'][number]['waitsFor'], { kind: 'look' }>;

function changeOpen(draft: Draft, to: (waits: Waits) => Waits, only?: number): void {
  for (const [name, { kind, waitsFor }] of Object.entries(draft.state.requests)) {
    const id = Number(name);
    if (waitsFor.kind !== 'look' || (only !== undefined && id !== only)) continue;
    const after = to(waitsFor);
    if (after.open.length === waitsFor.open.length) continue;
    change(draft, { requests: { ...draft.state.requests, [id]: { kind, waitsFor: after } } });
  }
}

/** Requests whose nodes have all answered, or are not waited for any more. */
export const seen = (state: EngineState): readonly (readonly [number, Waits])[] =>
  Object.entries(state.requests).flatMap(([id, { waitsFor }]) =>
    waitsFor.kind === 'look' && waitsFor.open.length === 0 ? [[Number(id), waitsFor] as const] : [],
  );

/** Why it is not done; undefined: nobody is connected who would lose by it, or it is wanted all the same. */
export function sessionsRefusal(
  state: EngineState,
  request: SessionRequest,
  unseen: readonly Instance[],
): Failure | undefined {
  // What cannot be changed at all is refused for that.
  if (request.kind === 'sessions' || isForced(request) || !mayChange(state)) return undefined;
  const { what, targets, initiators } = concernOf(state, request);
  const open = targets.flatMap((target) => sessionsOf(state, target, initiators));
  if (open.length > 0) return failure('sessions_open', `${what} is used by ${inWords(open)}`);
  return unseen.length === 0
    ? undefined
    : failure('sessions_unknown', `whether ${what} is used, ${nodesIn(unseen)} could not tell`);
}

export function sessionsView(
  state: EngineState,
  request: SessionRequest,
  unseen: readonly Instance[],
): SessionsView {
  const { targets, initiators } = concernOf(state, request);
  return {
    sessions: targets.flatMap((target) => sessionsOf(state, target, initiators)),
    unseen: unseen.map(({ node, resource }) => ({ node, target: resource.slice('target-'.length) })),
  };
}

const isForced = ({ body }: SessionRequest): boolean => (body as { force?: boolean }).force === true;

/** Which instances of targets can be asked, and which are thought to serve and cannot. */
function instancesOf(
  { status, config }: EngineState,
  { targets }: Concern,
): { readonly known: readonly Instance[]; readonly open: readonly Instance[] } {
  const known: Instance[] = [];
  const open: Instance[] = [];
  for (const [node, { state, instances }] of Object.entries(status.nodes))
    for (const target of targets) {
      const resource = `target-${target}`;
      const last = instances[resource]?.observation ?? 'unknown';
      if (state === 'offline' || (last !== 'unknown' && last.state === 'stopped')) continue;
      const answers = state === 'online' && !isUnwatched(config.current, resource, node);
      (answers ? open : known).push({ node, resource });
    }
  return { known, open };
}

function concernOf(state: EngineState, request: SessionRequest): Concern {
  const { luns, hosts, targets } = state.config.current;
  const everywhere = Object.keys(targets).sort();
  const initiatorsOf = (names: readonly string[]): ReadonlySet<string> =>
    new Set(names.flatMap((name) => hosts[name]?.initiators ?? []));
  const ofLun = (lun: LunIntent, names: readonly string[]): Concern =>
    names.length === 0 || lun.state !== 'ready'
      ? NOTHING
      : { what: `LUN ${lun.name}`, targets: [lun.target], initiators: initiatorsOf(names) };
  switch (request.kind) {
    case 'lun.delete':
    case 'lun.rollback': {
      const lun = luns[(request.body as RequestOf<'lun.delete'>).name];
      // What is under way has its hosts behind it.
      return lun?.rollback !== undefined || lun === undefined ? NOTHING : ofLun(lun, lun.hosts);
    }
    case 'lun.unmap': {
      const { name, host } = request.body as RequestOf<'lun.unmap'>;
      const lun = luns[name];
      return lun === undefined ? NOTHING : ofLun(lun, lun.hosts.includes(host) ? [host] : []);
    }
    case 'host.set': {
      const { name, initiators } = request.body as RequestOf<'host.set'>;
      const gone = hosts[name]?.initiators.filter((one) => initiators?.includes(one) === false) ?? [];
      return gone.length === 0
        ? NOTHING
        : { what: gone.join(', '), targets: everywhere, initiators: new Set(gone) };
    }
    case 'host.delete': {
      const { name } = request.body as RequestOf<'host.delete'>;
      // One that sees LUNs is not deleted, whether it uses them or not.
      const sees = Object.values(luns).some((lun) => lun.hosts.includes(name));
      return hosts[name] === undefined || sees
        ? NOTHING
        : { what: `host ${name}`, targets: everywhere, initiators: initiatorsOf([name]) };
    }
    case 'sessions': {
      const { lun: name, host } = request.body as RequestOf<'sessions'>;
      const lun = name === undefined ? undefined : luns[name];
      const names = host === undefined ? lun?.hosts : [host];
      return {
        what: '',
        targets: lun === undefined ? everywhere : [lun.target],
        ...(names !== undefined && { initiators: initiatorsOf(names) }),
      };
    }
    default:
      return assertNever(request.kind);
  }
}
