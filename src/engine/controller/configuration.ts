import { invariant, type ClusterConfig, type LogEntry, type Result } from '../../model/index.ts';
import { compile } from '../blueprint/index.ts';
import { apply, canonical } from '../config/index.ts';
import { change, multicast, note, reply, tell } from './draft.ts';
import type { ConfigState, Draft } from './state.ts';

export const configState = (
  config: ClusterConfig,
  hash: string,
  before: Pick<ConfigState, 'persisted' | 'stored'>,
): ConfigState => ({
  current: config,
  hash,
  blueprint: compile(config),
  persisted: before.persisted,
  stored: before.stored,
});

/**
 * A proposed command has arrived in the total order: every node applies it to the same revision with the same result,
 * or refuses it alike. Without quorum nothing is changed (S3).
 */
export function onPropose(draft: Draft, entry: LogEntry): void {
  const { view, ring, config } = draft.state;
  const request = Object.entries(draft.state.requests).find(
    ([, { waitsFor }]) => waitsFor.kind === 'entry' && waitsFor.entry === entry.id,
  );
  const refuse = (result: Result<never>): void => {
    if (request !== undefined) reply(draft, Number(request[0]), result);
  };
  if (!view.complete)
    return refuse({
      ok: false,
      failure: { code: 'not_synchronised', message: 'the nodes are exchanging their state just now' },
    });
  if (ring.quorate !== true)
    return refuse({ ok: false, failure: { code: 'no_quorum', message: 'the change was not made' } });
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
  return `${command.kind} ${subject} (by ${entry.by})`;
};

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
  draft.effects.push({ kind: 'replace', revision: config.revision, hash, config: canonical(config) });
}

export function onPersisted(draft: Draft, node: string, revision: number, hash: string): void {
  const { config } = draft.state;
  if (revision === config.current.revision)
    invariant(hash === config.hash, `revision ${revision} is the same on every node`);
  change(draft, {
    config: { ...config, persisted: { ...config.persisted, [node]: { revision, hash } } },
  });
}

export function onStored(draft: Draft, revision: number, hash: string): void {
  change(draft, { config: { ...draft.state.config, stored: { revision, hash } } });
  multicast(draft, { kind: 'persisted', node: draft.state.self, revision, hash });
}

/** The newest revision that is on the disk of every online node: only up to here anything is acknowledged (S7). */
export function durableRevision(state: Draft['state']): number {
  const online = Object.keys(state.view.syncs);
  if (!state.view.complete || online.length === 0) return 0;
  return Math.min(...online.map((node) => state.config.persisted[node]?.revision ?? 0));
}
