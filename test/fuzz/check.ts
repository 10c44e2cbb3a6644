import type { ClusterDocument } from '../../src/model/index.ts';
import { readCib, writeCib } from '../../src/formats/cib/index.ts';
import { answer } from '../judge/answer.ts';
import type { Case } from '../judge/cases.ts';
import { compare, type Comparison } from '../judge/compare.ts';
import { sections } from '../judge/sections.ts';
import type { FuzzedCluster, Step } from './cluster.ts';
import { explanationOf } from './differences.ts';
import { definitionAfter, documentOf } from './document.ts';
import type { Reference, Simulator } from './reference.ts';

/** One question on which the two schedulers do not agree. */
export interface Disagreement {
  /** Position in `cluster.steps`. */
  readonly step: number;
  readonly test: Case;
  readonly comparisons: readonly Comparison[];
  /** The name of the deliberate difference that explains it; undefined: nothing does. */
  readonly explanation: string | undefined;
}

export interface Checked {
  readonly asked: number;
  readonly disagreement: Disagreement | undefined;
  /** Times that Pacemaker itself made a transition that cannot be carried out to its end. */
  readonly stuck: number;
  /** Times that Pacemaker failed on an assertion of its own, if only while drawing: that could not be compared. */
  readonly crashed: number;
}

function kindsOf(step: Step, { dot }: Reference): ReadonlySet<string> {
  const kinds = new Set(['summary', 'actions', 'edges', 'scores']);
  // Where an action is made to fail, it is chance which others were carried out before: only the plan counts.
  if (step.flags.some((flag) => flag.startsWith('--op-fail='))) kinds.delete('actions');
  if (dot === undefined) kinds.delete('edges');
  return kinds;
}

/** Tells the story of a cluster to both schedulers, up to the first step on which they disagree without a reason. */
export async function check(simulator: Simulator, cluster: FuzzedCluster): Promise<Checked> {
  let before: ClusterDocument | undefined;
  let asked = 0;
  let stuck = 0;
  let crashed = 0;
  let explained: Disagreement | undefined;
  for (const [position, step] of cluster.steps.entries()) {
    const definition = definitionAfter(cluster, position + 1);
    if (definition === undefined) throw new Error(`the definition of seed ${cluster.seed} cannot be read`);
    const reference = await simulator.ask(writeCib(documentOf(definition, before, step)), step.flags);
    asked += 1;
    // There is nothing to go on from.
    if (reference === undefined) return { asked, stuck, crashed: crashed + 1, disagreement: explained };
    if (reference.isStuck) stuck += 1;
    if (reference.dot === undefined) crashed += 1;
    const test = caseOf(`seed ${cluster.seed} step ${position}`, reference, step.now);
    const kinds = kindsOf(step, reference);
    const comparisons = compare(test, answer(test)).filter(
      ({ kind, isEqual }) => kinds.has(kind) && !isEqual,
    );
    if (comparisons.length > 0) {
      const explanation = explanationOf(test, comparisons);
      const disagreement = { step: position, test, comparisons, explanation };
      if (explanation === undefined) return { asked, stuck, crashed, disagreement };
      explained ??= disagreement;
    }
    const after = readCib(reference.after);
    if (!after.ok) throw new Error(after.finding.message);
    before = after.document;
  }
  return { asked, stuck, crashed, disagreement: explained };
}

const caseOf = (name: string, { asked, output, scores, dot }: Reference, now: number): Case => ({
  name,
  features: [],
  definition: asked,
  expected: {
    sections: sections(output),
    dot: dot ?? '',
    scores,
  },
  now: { summary: now, graph: now },
});
