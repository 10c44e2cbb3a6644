import {
  failed,
  failure,
  invariant,
  milliseconds,
  type ClusterConfig,
  type Failure,
  type LogEntry,
  type Result,
} from '../../model/index.ts';
import { compile } from '../blueprint/index.ts';
import { apply, canonical } from '../config/index.ts';
import { change, multicast, note, reply, tell, timer } from './draft.ts';
import type { ConfigState, Draft, EngineState } from './state.ts';

/** A write to this node's disk that failed is tried again after this. */
const STORE_AGAIN = milliseconds(5000);

export const configState = (
  config: ClusterConfig,
  hash: string,
  before: Pick<ConfigState, 'persisted' | 'stored' | 'replacing'>,
): ConfigState => ({
  current: config,
  hash,
  blueprint: compile(config),
  persisted: before.persisted,
  stored: before.stored,
  replacing: before.replacing,
});

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
  const applied = apply(config.current, entry);
  if (!applied.ok) {
    note(draft, 'warn', `refused ${entry.command.kind}: ${applied.failure.message}`);
    return refuse(applied);
  }
  if (applied.value !== config.current) adopt(draft, applied.value, entry);
  if (request !== undefined) {
    const id = Number(request[0]);
    const pending = draft.state.requests[id];
    invariant(pending?.waitsFor.kind === 'entry', 'the request waits for this entry');
    const waitsFor = { ...pending.waitsFor, revision: applied.value.revision };
    change(draft, { requests: { ...draft.state.requests, [id]: { ...pending, waitsFor } } });
  }
}

function adopt(draft: Draft, config: ClusterConfig, entry: LogEntry): void {
  const hash = draft.digest(canonical(config));
  change(draft, { config: configState(config, hash, draft.state.config) });
  draft.effects.push({ kind: 'append', revision: config.revision, hash, entry });
  tell(
    draft,
    'config.changed',
    { subject: entry.command.kind },
    `Revision ${config.revision}: ${describe(entry)}`,
  );
}

const describe = (entry: LogEntry): string => {
  const { command } = entry;
  const subject = 'name' in command ? command.name : command.id;
  const detail = command.kind === 'pool.solo' ? ` on ${command.node ?? 'both nodes'}` : '';
  return `${command.kind} ${subject}${detail} (by ${entry.by})`;
};

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

/** The winner's configuration for members whose own differs. */
export function onConfig(draft: Draft, hash: string, config: ClusterConfig): void {
  if (draft.state.config.hash === hash) return;
  const { revision } = draft.state.config.current;
  note(
    draft,
    'warn',
    `took over revision ${config.revision} from the peer; revision ${revision} of this node is replaced`,
  );
  change(draft, { config: configState(config, hash, draft.state.config) });
  replaceOnDisk(draft);
  const undone = failure('not_synchronised', 'the change was undone by the other node; repeat the request');
  for (const [id, { waitsFor }] of Object.entries(draft.state.requests))
    if (waitsFor.kind === 'entry' && waitsFor.revision !== undefined)
      reply(draft, Number(id), failed(undone));
}

/** The whole configuration, whatever the disk holds. */
function replaceOnDisk(draft: Draft): void {
  const { config } = draft.state;
  const { revision } = config.current;
  const stored = { revision: 0, hash: '' };
  change(draft, { mayActAlone: false, config: { ...config, stored, replacing: config.hash } });
  draft.effects.push({ kind: 'replace', revision, hash: config.hash, config: canonical(config.current) });
}

export function onPersisted(draft: Draft, node: string, revision: number, hash: string): void {
  const { config } = draft.state;
  if (revision === config.current.revision)
    invariant(hash === config.hash, 'a revision is the same on every node');
  change(draft, {
    config: { ...config, persisted: { ...config.persisted, [node]: { revision, hash } } },
  });
}

export function onStored(draft: Draft, revision: number, hash: string, problem: Failure | undefined): void {
  const { config } = draft.state;
  if (problem !== undefined) {
    note(draft, 'error', `revision ${revision} is not on this node's disk: ${problem.message}`);
    change(draft, { mayActAlone: false });
    return timer(draft, 'store-again', STORE_AGAIN);
  }
  if (config.replacing !== undefined && config.replacing !== hash) return;
  change(draft, { config: { ...config, stored: { revision, hash }, replacing: undefined } });
  if (draft.state.wasSynchronised && isOnDisk(draft.state.config)) change(draft, { mayActAlone: true });
  tellPersisted(draft);
}

export const isOnDisk = ({ stored, hash }: ConfigState): boolean => stored.hash === hash;

/** After a failed write nothing is known of the file: it is written anew. */
export function onStoreAgain(draft: Draft): void {
  if (!isOnDisk(draft.state.config)) replaceOnDisk(draft);
}

export function tellPersisted(draft: Draft): void {
  const { view, config, self } = draft.state;
  if (!view.complete || config.replacing !== undefined) return;
  multicast(draft, { kind: 'persisted', generation: view.generation, node: self, ...config.stored });
}

/** The newest revision that is on the disk of every online node: only up to here anything is acknowledged (S7). */
export function durableRevision(state: Draft['state']): number {
  const online = Object.keys(state.view.syncs);
  if (!state.view.complete || online.length === 0 || doubtfulNode(state) !== undefined) return 0;
  return Math.min(...online.map((node) => state.config.persisted[node]?.revision ?? 0));
}
