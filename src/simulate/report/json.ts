import type { ClusterDocument, Finding } from '../../model/index.ts';
import { explainPlacement, type PlacementExplanation } from '../../engine/explain/placement.ts';
import { reasonOf } from '../../engine/explain/placement-reason.ts';
import { roleNames, summarise, type SummaryLine } from '../../engine/scheduler/graph/summary.ts';
import type { Transition } from '../../engine/scheduler/graph/transition.ts';
import type { Resource } from '../../engine/scheduler/unpack/resource.ts';
import { kindOf } from '../names.ts';
import { resultingDocument, type Simulation } from '../simulation.ts';
import type { RenderOptions } from './render.ts';
import { toldSteps, type ToldStep } from './steps.ts';

/** What `keelson simulate --json` prints; docs/simulate.md tells of every field. */
export interface SimulationAnswer {
  /** Seconds since 1970 at which it was decided. */
  readonly now: number;
  /** Schedule again by then, seconds since 1970. */
  readonly recheckAt: number | null;
  readonly findings: readonly Finding[];
  readonly summary: readonly SummaryAnswer[];
  readonly steps: readonly StepAnswer[];
  /** With --scores: of each primitive and instance, by node. -1000000 and 1000000 stand for infinity. */
  readonly scores?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** With --explain: of each resource in the summary. */
  readonly explanations?: readonly PlacementExplanation[];
  /** With --run: whether every step was taken. */
  readonly outcome?: 'complete' | 'stopped' | 'stuck';
  /** The cluster as the events, and with --run the steps, leave it. */
  readonly document: ClusterDocument;
}

interface SummaryAnswer {
  readonly kind: 'node' | 'resource';
  /** Start, Stop, Move, Migrate, Recover, Restart, Reload, Promote, Demote, Re-promote, Shutdown, Fence (reboot), ... */
  readonly verb: string;
  readonly node: string | null;
  readonly resource: string | null;
  readonly origin: string | null;
  readonly destination: string | null;
  readonly role: string | null;
  readonly nextRole: string | null;
  readonly isBlocked: boolean;
  readonly reason: string;
}

interface StepAnswer {
  readonly number: number;
  readonly name: string;
  readonly kind: 'pseudo' | 'resource' | 'cluster' | 'fencing';
  readonly task: string;
  readonly resource: string | null;
  readonly node: string | null;
  /** Milliseconds; 0: once. */
  readonly interval: number;
  readonly what: string;
  readonly reason: string;
  readonly after: readonly number[];
}

export const simulationJson = (simulation: Simulation, options: RenderOptions): string =>
  `${JSON.stringify(answerOf(simulation, options), undefined, 2)}\n`;

const answerOf = (simulation: Simulation, options: RenderOptions): SimulationAnswer => {
  const { input, transition, executed, findings } = simulation;
  return {
    now: input.now,
    recheckAt: transition.ordered.assigned.scored.unpacked.recheckAt ?? null,
    findings: [...options.readFindings, ...findings],
    summary: summarise(transition).map((line) => summaryOf(transition, line)),
    steps: toldSteps(transition).map(stepOf),
    ...(options.withScores && { scores: scoresOf(transition) }),
    ...(options.withExplanations && { explanations: explanationsOf(transition) }),
    ...(executed !== undefined && { outcome: executed.execution.outcome }),
    document: resultingDocument(simulation),
  };
};

const summaryOf = (transition: Transition, line: SummaryLine): SummaryAnswer => {
  const { action, verb } = line;
  const reason = action === undefined ? (line.reason ?? '') : reasonOf(transition, { action });
  switch (line.kind) {
    case 'node':
      return {
        kind: 'node',
        verb,
        node: line.node?.name ?? null,
        resource: null,
        origin: null,
        destination: null,
        role: null,
        nextRole: null,
        isBlocked: false,
        reason,
      };
    case 'resource':
      return {
        kind: 'resource',
        verb,
        node: null,
        resource: line.resource.id,
        origin: line.origin?.name ?? null,
        destination: line.destination?.name ?? null,
        role: roleNames[line.role],
        nextRole: roleNames[line.nextRole],
        isBlocked: line.isBlocked,
        reason,
      };
  }
};

const stepOf = ({ number, name, action, what, why, after }: ToldStep): StepAnswer => ({
  number,
  name,
  kind: kindOf(action),
  task: action.task,
  resource: action.resource?.id ?? null,
  node: action.node?.name ?? null,
  interval: action.interval,
  what,
  reason: why,
  after,
});

const scoresOf = (transition: Transition): NonNullable<SimulationAnswer['scores']> => {
  const { assigned } = transition.ordered;
  return Object.fromEntries(
    assigned.scored.unpacked.all
      .filter(({ kind }) => kind === 'primitive')
      .map((resource) => [
        resource.id,
        Object.fromEntries(
          [...(assigned.assignments[resource.index]?.scores ?? [])].map(([node, score]) => [
            node.name,
            score,
          ]),
        ),
      ]),
  );
};

const explanationsOf = (transition: Transition): readonly PlacementExplanation[] => {
  const changing = new Set<Resource>();
  for (const line of summarise(transition)) if (line.kind === 'resource') changing.add(line.resource);
  return [...changing].flatMap((resource) => explainPlacement(transition, resource));
};
