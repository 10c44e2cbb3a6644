import type { ClusterDocument } from '../../src/model/index.ts';
import { readCib, writeCib } from '../../src/formats/cib/index.ts';
import { answer } from '../judge/answer.ts';
import type { Case } from '../judge/cases.ts';
import { compare, type Comparison } from '../judge/compare.ts';
import { sections } from '../judge/sections.ts';
import type { FuzzedCluster } from './cluster.ts';
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
  /** The story ended early, because Pacemaker itself makes no transition that could be carried out. */
  readonly isRefused: boolean;
}

const KINDS = new Set(['summary', 'actions', 'edges', 'scores']);

/** Tells the story of a cluster to both schedulers, up to the first step on which they disagree without a reason. */
export async function check(simulator: Simulator, cluster: FuzzedCluster): Promise<Checked> {
  let before: ClusterDocument | undefined;
  let asked = 0;
  let explained: Disagreement | undefined;
  for (const [position, step] of cluster.steps.entries()) {
    const definition = definitionAfter(cluster, position + 1);
    if (definition === undefined) return { asked, disagreement: undefined, isRefused: true };
    const reference = await simulator.ask(writeCib(documentOf(definition, before, step)), step.flags);
    if (typeof reference === 'string') return { asked, disagreement: explained, isRefused: true };
    asked += 1;
    const test = caseOf(`seed ${cluster.seed} step ${position}`, reference, step.now);
    const comparisons = compare(test, answer(test)).filter(
      ({ kind, isEqual }) => KINDS.has(kind) && !isEqual,
    );
    if (comparisons.length > 0) {
      const explanation = explanationOf(test, comparisons);
      const disagreement = { step: position, test, comparisons, explanation };
      if (explanation === undefined) return { asked, disagreement, isRefused: false };
      explained ??= disagreement;
    }
    const after = readCib(reference.after);
    if (!after.ok) throw new Error(after.finding.message);
    before = after.document;
  }
  return { asked, disagreement: explained, isRefused: false };
}

const caseOf = (name: string, { asked, output, scores, dot }: Reference, now: number): Case => ({
  name,
  features: [],
  definition: asked,
  expected: {
    sections: sections(output),
    dot,
    scores,
  },
  now: { summary: now, graph: now },
});
