import type { SummaryLine } from '../../engine/scheduler/graph/summary.ts';
import { summarise } from '../../engine/scheduler/graph/summary.ts';
import { reasonOf } from '../../engine/explain/placement-reason.ts';
import { explainPlacement } from '../../engine/explain/placement.ts';
import { scoreText } from '../../engine/explain/placement-words.ts';
import type { Transition } from '../../engine/scheduler/graph/transition.ts';
import type { Resource } from '../../engine/scheduler/unpack/resource.ts';
import { modificationLines } from '../pacemaker/modifications.ts';
import { statusLines } from '../pacemaker/status.ts';
import type { Simulation } from '../simulation.ts';
import { explanationText } from './explanation-text.ts';
import type { RenderOptions } from './render.ts';
import { deeds } from './steps.ts';

/** For people: the cluster, what would happen and why, step by step. */
export const simulationText = (simulation: Simulation, options: RenderOptions): string => {
  const { before, input, transition, executed, request } = simulation;
  const sections = [
    section(`The cluster at ${timeText(before.input.now)}:`, statusLines(before, true)),
    section('What happens to it:', modificationLines(input, request.events)),
    section(
      input.now === before.input.now
        ? 'What would be done:'
        : `What would be done at ${timeText(input.now)}:`,
      changeLines(transition),
    ),
    section('Steps, each with those that must be over before it:', stepLines(transition)),
    options.withExplanations ? explanations(transition) : '',
    options.withScores ? section('Scores:', scoreTable(transition)) : '',
    executed === undefined
      ? ''
      : section(
          `The cluster afterwards${OUTCOMES[executed.execution.outcome]}:`,
          statusLines(executed.after, false),
        ),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
};

const OUTCOMES = {
  complete: '',
  stopped: ', stopped by a failure on the way',
  stuck: ', stuck on the way',
} as const;

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [title, ...lines].join('\n');

const timeText = (now: number): string => `${new Date(now * 1000).toISOString().slice(0, 19)}Z`;

const changeLines = (transition: Transition): readonly string[] => {
  const lines = summarise(transition).flatMap((line) => changeLine(transition, line));
  return lines.length > 0 ? lines : ['  Nothing: no node and no resource changes.'];
};

const changeLine = (transition: Transition, line: SummaryLine): readonly string[] => {
  const { action, verb } = line;
  const why = action === undefined ? (line.reason ?? '') : reasonOf(transition, { action });
  switch (line.kind) {
    case 'node':
      return [`  ${verb} ${line.node?.name ?? ''}: ${why}`];
    case 'resource':
      return [
        `  ${verb} ${line.resource.id} (${line.details})${line.isBlocked ? ', which cannot be done' : ''}: ${why}`,
      ];
  }
};

const stepLines = (transition: Transition): readonly string[] => {
  const steps = deeds(transition);
  const width = String(steps.length).length;
  return steps.map(({ number, what, why, after, hasMore }) => {
    const waits =
      after.length === 0 ? '' : ` [after ${after.join(', ')}${hasMore ? ' and earlier ones' : ''}]`;
    return `  ${String(number).padStart(width)}. ${what}${waits}: ${why}`;
  });
};

/** Every resource that changes, once. */
const explanations = (transition: Transition): string => {
  const changing = new Set<Resource>();
  for (const line of summarise(transition)) if (line.kind === 'resource') changing.add(line.resource);
  return [...changing]
    .flatMap((resource) => explainPlacement(transition, resource))
    .map(explanationText)
    .join('\n\n');
};

/** One line a primitive: `lun1: san-a 100, san-b -INFINITY`. */
const scoreTable = (transition: Transition): readonly string[] => {
  const { assigned } = transition.ordered;
  return assigned.scored.unpacked.all.flatMap((resource) => {
    const assignment = assigned.assignments[resource.index];
    if (resource.kind !== 'primitive' || assignment === undefined) return [];
    const scores = [...assignment.scores].map(([node, score]) => `${node.name} ${scoreText(score)}`);
    return [`  ${resource.id}: ${scores.join(', ')}`];
  });
};
