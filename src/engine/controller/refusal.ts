import { within, type Failure } from '../../model/index.ts';
import { change, nodeById, note, without } from './draft.ts';
import { onNotice } from './notices.ts';
import type { Draft } from './state.ts';

/** The refusals of a sender are over when none came for this long, in milliseconds. */
const OVER = 30_000;
/** A sender whose messages are refused one after the other is logged so often, in milliseconds. */
const LOG_AGAIN = 10_000;
/** More senders than these are only logged. */
const MOST_SENDERS = 32;

/** What was heard and is not taken for true: with its reason in the log, and in the status until good ones come again. */
export function refuse(draft: Draft, from: number, reason: Failure): void {
  const sender = nodeById(draft.state, from)?.name ?? `Corosync's node ${from}`;
  const key = `message-${from}`;
  const { refusals, self, status } = draft.state;
  const before = refusals[key];
  const problem = within(`a message of ${sender} was refused`, reason);
  const isNew = before?.code !== reason.code;
  const mustLog = isNew || draft.now - before.loggedAt >= LOG_AGAIN;
  if (mustLog) note(draft, 'warn', `${problem.message} (${problem.code})`);
  if (before === undefined && Object.keys(refusals).length >= MOST_SENDERS) return;
  const loggedAt = mustLog ? draft.now : before.loggedAt;
  change(draft, { refusals: { ...refusals, [key]: { code: reason.code, at: draft.now, loggedAt } } });
  // One that varies from message to message is told of once.
  if (status.nodes[self]?.notices?.[key]?.failure.code !== reason.code) onNotice(draft, key, problem);
}

/** Looked at with every heartbeat. */
export function endRefusals(draft: Draft): void {
  for (const [key, { at }] of Object.entries(draft.state.refusals)) {
    if (draft.now - at < OVER) continue;
    change(draft, { refusals: without(draft.state.refusals, key) });
    onNotice(draft, key, undefined);
  }
}
