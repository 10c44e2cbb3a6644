import { createHash } from 'node:crypto';
import type { Case } from './cases.ts';
import { assign } from '../../src/engine/scheduler/assign/assign.ts';
import { dotText, drawing } from '../../src/engine/scheduler/graph/dot.ts';
import { finish } from '../../src/engine/scheduler/graph/finish.ts';
import type { ScheduleInput } from '../../src/engine/scheduler/input.ts';
import { order } from '../../src/engine/scheduler/order/order.ts';
import { score } from '../../src/engine/scheduler/score/score.ts';
import { unpack } from '../../src/engine/scheduler/unpack/unpack.ts';
import { readCib } from '../../src/formats/cib/index.ts';
import {
  execute,
  executionLines,
  remarks,
  scoreLines,
  statusLines,
  summaryLines,
} from '../../src/simulate/index.ts';

/** Our text for one part, or why there is none. */
export type Part =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

export interface Answer {
  readonly status: Part;
  readonly summary: Part;
  readonly actions: Part;
  readonly edges: Part;
  readonly scores: Part;
  readonly revised: Part;
}

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

const joined = (lines: readonly string[]): string => lines.join('\n');

const attempt = (work: () => string): Part => {
  try {
    return { ok: true, text: work() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

/** A value that is worked out at most once, and whose failure every user of it sees. */
const once = <T>(work: () => T): (() => T) => {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  return () => {
    try {
      outcome ??= { value: work() };
    } catch (error) {
      outcome = { error };
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
};

/** Everything that we answer to a case; each part stands and falls by itself. */
export const answer = (test: Case): Answer => {
  const read = once(() => {
    const result = readCib(test.definition);
    if (!result.ok) throw new Error(result.finding.message);
    return result.document;
  });
  const at = (now: number): ScheduleInput => ({
    document: read(),
    now,
    utcOffset: 0,
    md5,
    withScores: true,
  });
  const phases = (now: number) => {
    const unpacked = once(() => unpack(at(now)));
    const assigned = once(() => assign(score(unpacked())));
    const planned = once(() => finish(order(assigned())));
    return { unpacked, assigned, planned };
  };
  const { unpacked, assigned, planned } = phases(test.now.summary);
  const graph = test.now.graph === test.now.summary ? { assigned, planned } : phases(test.now.graph);
  const executed = once(() => execute(planned(), []));
  return {
    status: attempt(() => joined([...remarks(unpacked()), '', ...statusLines(unpacked(), true)])),
    summary: attempt(() => joined(summaryLines(planned()))),
    actions: attempt(() => joined(executionLines(executed()))),
    edges: attempt(() => dotText(drawing(graph.planned()))),
    scores: attempt(() => joined(scoreLines(graph.assigned()))),
    revised: attempt(() =>
      joined(
        statusLines(
          unpack({ ...at(test.now.summary), withScores: false, document: executed().document }),
          false,
        ),
      ),
    ),
  };
};
