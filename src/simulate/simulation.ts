import {
  success,
  type ClusterDocument,
  type Finding,
  type NodeHistory,
  type Result,
} from '../model/index.ts';
import { findingsOf } from '../engine/scheduler/graph/findings.ts';
import type { Transition } from '../engine/scheduler/graph/transition.ts';
import type { ScheduleInput } from '../engine/scheduler/input.ts';
import { schedule } from '../engine/scheduler/schedule.ts';
import { unpack } from '../engine/scheduler/unpack/unpack.ts';
import type { Unpacked } from '../engine/scheduler/unpack/unpacked.ts';
import { execute, type PretendedFailure } from './execute.ts';
import type { Execution } from './execution.ts';
import { inject } from './inject.ts';
import type { Injection } from './injection.ts';
import { md5 } from './md5.ts';
import { FEATURE_SET } from './record.ts';

/** What is to be found out about a cluster. */
export interface SimulationRequest {
  readonly document: ClusterDocument;
  /** Happen one after the other before the decision. */
  readonly events: readonly Injection[];
  /** Seconds since 1970 at which it is decided, before any event that lets time pass. */
  readonly now: number;
  /** Difference of local time from UTC in seconds. */
  readonly utcOffset: number;
  /** Carry the transition out, too. */
  readonly run: boolean;
  /** Operations that fail while it is carried out. */
  readonly failures: readonly PretendedFailure[];
  readonly withScores: boolean;
}

export interface Simulation {
  readonly request: SimulationRequest;
  /** The cluster as given. */
  readonly before: Unpacked;
  /** The cluster after the events: what was decided on. */
  readonly input: ScheduleInput;
  readonly transition: Transition;
  readonly executed: { readonly execution: Execution; readonly after: Unpacked } | undefined;
  /** Of the scheduler; those of reading the text are the reader's. */
  readonly findings: readonly Finding[];
}

/**
 * Lets the events happen, decides, and carries the decision out where that is asked for. Fails as `inject` does:
 * `node_not_found`, `resource_not_found` or `event_invalid`. The document given is not changed.
 */
export const simulate = (request: SimulationRequest): Result<Simulation> => {
  const { document, now, utcOffset, withScores } = request;
  const given: ScheduleInput = { document, now, utcOffset, md5, withScores };
  let input = given;
  for (const event of request.events) {
    const next = inject(input, event);
    if (!next.ok) return next;
    input = next.value;
  }
  const transition = schedule(input);
  const { unpacked } = transition.ordered.assigned.scored;
  return success({
    request,
    before: input === given ? unpacked : unpack(given),
    input,
    transition,
    executed: request.run ? carryOut(input, transition, request.failures) : undefined,
    findings: findingsOf(transition),
  });
};

const carryOut = (
  input: ScheduleInput,
  transition: Transition,
  failures: readonly PretendedFailure[],
): NonNullable<Simulation['executed']> => {
  const execution = execute(transition, failures);
  return { execution, after: unpack({ ...input, withScores: false, document: execution.document }) };
};

/** The document as everything asked for leaves it. */
export const resultingDocument = ({ input, executed }: Simulation): ClusterDocument =>
  executed?.execution.document ?? input.document;

/**
 * A definition without any status, as the crm shell's syntax has it, as a cluster that was just started: every node is
 * there, there is quorum, and nothing has ever run.
 */
export const freshlyStarted = (document: ClusterDocument): ClusterDocument => ({
  ...document,
  fields: { 'have-quorum': '1', crm_feature_set: FEATURE_SET, ...document.fields },
  nodes: document.configuration.nodes
    .filter(({ type }) => type === undefined || type === 'member' || type === 'normal')
    .map(({ id, uname }): NodeHistory => ({
      id,
      uname,
      isRemote: false,
      fields: { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' },
      transient: [],
      resources: [],
    })),
});
