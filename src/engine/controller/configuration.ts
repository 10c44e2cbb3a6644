import {
  failed,
  failure,
  invariant,
  milliseconds,
  type ClusterConfig,
  type ConfigRestored,
  type Failure,
  type LogEntry,
  type NodeName,
  type Result,
} from '../../model/index.ts';
import { compile } from '../blueprint/index.ts';
import { apply, canonical, describeEntry, unmet } from '../config/index.ts';
import { forgetGone } from './gone.ts';
import { change, multicast, note, reply, tell, timer, uniqueName } from './draft.ts';
import type { Input } from './input.ts';
import { changesAfter, lastShared, lossBy, lossByDamage, markOf, trailAfter, type Loss } from './loss.ts';
import { onNotice } from './notices.ts';
import { restoreReport } from './restore-report.ts';
import type { ConfigState, Draft, EngineState, Stored } from './state.ts';

/** A write to this node's disk that failed is tried again after this. */
const STORE_AGAIN = milliseconds(5000);

/** Keys of the notices about this node's configuration; at a start the daemon tells them. */
export const configurationNotices = {
  damaged: 'configuration-damaged',
  lost: 'configuration-lost',
} as const;

export const configState = (
  config: ClusterConfig,
  hash: string,
  before: Omit<ConfigState, 'current' | 'hash' | 'blueprint'>,
): ConfigState => ({ ...before, current: config, hash, blueprint: compile(config) });

/** Into the total order; only where there is quorum (S3). */
export const propose = (draft: Draft, entry: Omit<LogEntry, 'generation'>): void => {
  const { generation } = draft.state.view;
  multicast(draft, { kind: 'propose', entry: { ...entry, generation } });
};

/**
 * A proposed command has arrived in the total order: every node applies it to the same revision with the same result,
 * or refuses it alike. So nothing counts here but what all members know alike: not this node's own word of quorum,
 * which comes beside the total order.
 */
export function onPropose(draft: Draft, entry: LogEntry): void {
  const { view, config } = draft.state;
  const request = Object.entries(draft.state.requests).find(
    ([, { waitsFor }]) => waitsFor.kind === 'entry' && waitsFor.entry === entry.id,
  );
  const refuse = (result: Result<never>): void => {
    if (request !== undefined) reply(draft, Number(request[0]), result);
  };
  invariant(view.complete, 'proposals are heard in complete views');
  if (entry.generation !== view.generation)
    return refuse(failed(failure('not_synchronised', 'the nodes changed before the change was made')));
  const doubtful = doubtfulNode(draft.state);
  if (doubtful !== undefined) return refuse({ ok: false, failure: doubtful });
  const applied = unmet(config.current, entry.condition, draft.digest) ?? apply(config.current, entry);
  if (!applied.ok) {
    note(draft, 'warn', `refused ${entry.command.kind}: ${applied.failure.message}`);
    return refuse(applied);
  }
  if (applied.value !== config.current) adopt(draft, applied.value, entry);
  if (request !== undefined) {
    const id = Number(request[0]);
    const pending = draft.state.requests[id];
    invariant(pending?.waitsFor.kind === 'entry', 'the request waits for this entry');
    const waitsFor = { ...pending.waitsFor, revision: applied.value.revision, ...answerTo(config, entry) };
    change(draft, { requests: { ...draft.state.requests, [id]: { ...pending, waitsFor } } });
  }
}

/** What only the moment of applying can tell. */
const answerTo = ({ current }: ConfigState, { command }: LogEntry): { readonly answer?: ConfigRestored } =>
  command.kind === 'config.restore' ? { answer: restoreReport(current, command, false) } : {};

function adopt(draft: Draft, config: ClusterConfig, entry: LogEntry): void {
  const hash = draft.digest(canonical(config));
  const { revision } = config;
  const before = draft.state.config;
  const what = describeEntry(entry.command);
  const known = {
    ...before,
    changes: changesAfter(before.changes, { revision, hash, at: entry.at, by: entry.by, what }),
    trail: trailAfter(before.trail, markOf(revision, hash)),
    begunAt: config.generation === before.current.generation ? before.begunAt : revision,
  };
  change(draft, { config: configState(config, hash, known) });
  forgetGone(draft);
  draft.effects.push({ kind: 'append', revision: config.revision, hash, entry });
  tell(
    draft,
    'config.changed',
    { subject: entry.command.kind },
    `Revision ${revision}: ${what} (by ${entry.by})`,
  );
}

/**
 * A node that is gone and not confirmed off may be going on without this one, and win: nothing is changed until it is
 * known who goes on (S7).
 */
export function doubtfulNode(state: EngineState): Failure | undefined {
  const doubtful = Object.entries(state.status.nodes).find(
    ([, node]) => node.state !== 'online' && node.state !== 'offline',
  );
  return doubtful === undefined
    ? undefined
    : failure(
        'not_synchronised',
        `${doubtful[0]} is gone and not yet confirmed off; nothing is changed before`,
      );
}

/** The winner's configuration for members whose own differs. Gives what is lost by it on this node. */
export function onConfig(
  draft: Draft,
  hash: string,
  config: ClusterConfig,
  trail: readonly Stored[],
): Loss | undefined {
  const before = draft.state.config;
  if (before.hash === hash) return undefined;
  const { revision } = before.current;
  note(
    draft,
    'warn',
    `took over revision ${config.revision} from the peer; revision ${revision} of this node is replaced`,
  );
  const shared = lastShared(before.trail, trail);
  const loss = shared === 'unknown' ? undefined : lossBy(before, config, shared);
  if (loss !== undefined) draft.effects.push({ kind: 'lost', loss });
  change(draft, {
    config: configState(config, hash, { ...before, changes: [], trail, begunAt: config.revision }),
  });
  replaceOnDisk(draft, loss === undefined || shared === 'unknown' ? undefined : shared);
  const undone = failure('not_synchronised', 'the change was undone by the other node; repeat the request');
  for (const [id, { waitsFor }] of Object.entries(draft.state.requests))
    if (waitsFor.kind === 'entry' && waitsFor.revision !== undefined)
      reply(draft, Number(id), failed(undone));
  return loss;
}

/** Once this node has heard what all know: what it says of itself before is not heard by itself. */
export function tellLoss(draft: Draft, loss: Loss): void {
  tell(draft, 'config.lost', { node: draft.state.self }, `${draft.state.self} lost changes: ${loss.reason}`);
  onNotice(draft, configurationNotices.lost, failure('config_lost', loss.reason));
}

/**
 * All hold the same configuration: from here on it is the cluster's, whatever this node's disk could still tell. Where
 * nobody had anything newer than what was left here, something that was acknowledged may be missing, and is told.
 */
export function mend(draft: Draft, isWinnerIntact: boolean): void {
  const { config } = draft.state;
  if (config.intact) return;
  change(draft, { config: { ...config, intact: true } });
  if (!isWinnerIntact) {
    const loss = lossByDamage(config.current);
    draft.effects.push({ kind: 'lost', loss });
    tellLoss(draft, loss);
  }
  if (config.replacing?.hash !== config.hash) replaceOnDisk(draft, undefined);
}

/** The whole configuration, whatever the disk holds. */
function replaceOnDisk(draft: Draft, undoneAfter: number | undefined): void {
  const { config } = draft.state;
  const { hash } = config;
  const replacement = uniqueName(draft, 'replacement');
  const stored = { revision: 0, hash: '' };
  const replacing = { replacement, hash };
  change(draft, { mayActAlone: false, config: { ...config, stored, replacing } });
  const { revision } = config.current;
  const whole = { replacement, revision, hash, config: canonical(config.current) };
  draft.effects.push({ kind: 'replace', ...whole, ...(undoneAfter === undefined ? {} : { undoneAfter }) });
}

export function onPersisted(draft: Draft, node: string, revision: number, hash: string): void {
  const { config } = draft.state;
  if (revision === config.current.revision)
    invariant(hash === config.hash, 'a revision is the same on every node');
  change(draft, {
    config: { ...config, persisted: { ...config.persisted, [node]: { revision, hash } } },
  });
}

export function onStored(draft: Draft, flushed: Extract<Input, { kind: 'stored' }>): void {
  const { config } = draft.state;
  const { revision, hash, failure: problem } = flushed;
  if (problem !== undefined) {
    note(draft, 'error', `revision ${revision} is not on this node's disk: ${problem.message}`);
    change(draft, { mayActAlone: false });
    return timer(draft, 'store-again', STORE_AGAIN);
  }
  if (config.replacing?.replacement !== flushed.replacement) return;
  change(draft, { config: { ...config, stored: { revision, hash }, replacing: undefined } });
  if (draft.state.wasSynchronised && isOnDisk(draft.state.config)) change(draft, { mayActAlone: true });
  if (draft.state.config.intact) onNotice(draft, configurationNotices.damaged, undefined);
  tellPersisted(draft);
}

export const isOnDisk = ({ stored, hash }: ConfigState): boolean => stored.hash === hash;

/** After a failed write nothing is known of the file: it is written anew. */
export function onStoreAgain(draft: Draft): void {
  if (!isOnDisk(draft.state.config)) replaceOnDisk(draft, undefined);
}

export function tellPersisted(draft: Draft): void {
  const { view, config, self } = draft.state;
  if (!view.complete || config.replacing !== undefined) return;
  multicast(draft, { kind: 'persisted', generation: view.generation, node: self, ...config.stored });
}

/** Nodes that are known to be off. */
export const nodesOff = ({ status }: EngineState): readonly NodeName[] =>
  Object.entries(status.nodes).flatMap(([name, { state }]) => (state === 'offline' ? [name] : []));

/**
 * Where two nodes lose each other, each may hold a last change of their last view that the other one has not heard, and
 * nothing tells which of them counts. So who goes on writes that down first, and nothing of that view is acknowledged
 * before.
 */
export const isToBeCarriedOn = (state: EngineState): boolean =>
  state.config.current.generation < state.view.generation && nodesOff(state).length > 0;

/** The newest revision that is on the disk of every online node: only up to here anything is acknowledged (S7). */
export function durableRevision(state: Draft['state']): number {
  const online = Object.keys(state.view.syncs);
  if (!state.view.complete || online.length === 0 || doubtfulNode(state) !== undefined) return 0;
  if (isToBeCarriedOn(state)) return 0;
  const onAllDisks = Math.min(...online.map((node) => state.config.persisted[node]?.revision ?? 0));
  return nodesOff(state).length > 0 && onAllDisks < state.config.begunAt ? 0 : onAllDisks;
}
