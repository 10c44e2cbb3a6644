import {
  INFINITY,
  type HistoryEntry,
  type NodeHistory,
  type NodeName,
  type ResourceHistory,
} from '../../model/index.ts';
import { changeOf } from './applied.ts';
import { agentOf } from './document-definition.ts';
import { failureHistory } from './document-failure.ts';
import type { Definition, Facts } from './facts.ts';
import { promotionScore } from './fitness.ts';
import { entry, ERROR, NOT_RUNNING, withChange } from './history-entry.ts';
import { pairs } from './pairs.ts';
import { onFailOf } from './policy.ts';
import { hasInfluence } from './worn-out.ts';

type Fields = Readonly<Record<string, string>>;

const MEMBER: Fields = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' };
/** A member that cannot be told what to do: nothing is ordered there, and nothing is put there. */
const PENDING: Fields = { in_ccm: 'true', crmd: 'online', join: 'pending', expected: 'member' };
/** Gone without a word: to be fenced. */
const LOST: Fields = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'member' };
/** Known to run nothing. */
const OFF: Fields = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' };

/** What is known of a node, in the form in which Pacemaker's nodes record it. */
export function historyOf(facts: Facts, node: NodeName): NodeHistory {
  const isUsable = facts.usable.includes(node);
  const isUntouchable = facts.untouchable.includes(node);
  const isCondemned = facts.condemned.has(node);
  const read = isUsable ? usableHistory : isUntouchable ? untouchableHistory : condemnedHistory;
  return {
    id: node,
    uname: node,
    isRemote: false,
    fields: isUsable ? MEMBER : isUntouchable ? PENDING : isCondemned ? LOST : OFF,
    transientId: node,
    transient: isUsable ? [pairs(`${node}-transient`, transientOf(facts, node))] : [],
    resources:
      isUsable || isUntouchable || isCondemned
        ? facts.definitions.flatMap((definition): ResourceHistory[] => {
            const operations = read(facts, definition, node);
            return operations.length === 0
              ? []
              : [{ id: definition.id, agent: agentOf(definition), fields: {}, operations }];
          })
        : [],
  };
}

type Read = (facts: Facts, definition: Definition, node: NodeName) => readonly HistoryEntry[];

/** No history: nobody has looked yet. */
const usableHistory: Read = (facts, definition, node) => {
  const special = failureHistory(facts, definition, node);
  if (special !== undefined) return special;
  const { id } = definition;
  switch (facts.seen(id, node).state) {
    case 'unknown':
      return facts.isPresumed(definition, node) ? [entry(id, 'start', 0)] : [];
    case 'stopped':
      return [stopped(id)];
    case 'running':
      return [withChange(entry(id, 'start', 0), changeOf(facts, definition, node))];
    case 'promoted':
      return [withChange(entry(id, 'promote', 0), changeOf(facts, definition, node))];
    case 'failed':
      return [failed(id)];
  }
};

/**
 * Only what is known not to run there: the rest may, and nothing of it is started elsewhere because it cannot be looked
 * at. What runs there is no concern of the scheduler, which would move it away. Instances of a clone do no harm to others.
 */
const untouchableHistory: Read = ({ seen }, { id, kind }, node) =>
  kind === 'promotable-clone' || seen(id, node).state === 'stopped' ? [stopped(id)] : [];

/** What may run there is stopped by the fencing, which everything waits for; where nobody has looked, too. */
const condemnedHistory: Read = (facts, definition, node) =>
  facts.seen(definition.id, node).state === 'unknown'
    ? [stopped(definition.id)]
    : usableHistory(facts, definition, node);

const stopped = (resource: string): HistoryEntry => entry(resource, 'monitor', NOT_RUNNING);

/** It was found neither running nor stopped. */
const failed = (resource: string): HistoryEntry => entry(resource, 'monitor', ERROR, NOT_RUNNING);

/** Fail counts and promotion scores. What runs well in spite of past failures is left alone. */
function transientOf(facts: Facts, node: NodeName): Readonly<Record<string, string>> {
  const values: Record<string, string> =
    facts.input.status.nodes[node]?.leaving === undefined ? {} : { shutdown: '1' };
  for (const definition of facts.definitions) {
    const { id, kind } = definition;
    const { state, failures } = facts.seen(id, node);
    const runsWell = state === 'running' || state === 'promoted' || facts.isPresumed(definition, node);
    const isIgnored =
      failures !== undefined && onFailOf(facts.input.config, id, failures.operation) === 'ignore';
    if (failures !== undefined && !runsWell && !isIgnored && hasInfluence(facts, id))
      values[`fail-count-${id}#monitor_0`] = String(Math.min(failures.count, INFINITY));
    if (kind === 'promotable-clone') values[`master-${id}`] = String(promotionScore(facts, definition, node));
  }
  return values;
}
