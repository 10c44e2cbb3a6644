import type { Answer } from './answer.ts';
import type { Case } from './cases.ts';

/** What is compared; the first four are the judge's verdict, the others help to find out why. */
export const KINDS = ['summary', 'actions', 'edges', 'scores', 'status', 'revised'] as const;
export type Kind = (typeof KINDS)[number];

export interface Comparison {
  readonly kind: Kind;
  readonly isEqual: boolean;
  /** Both as lines, in the shape in which they were compared. */
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  /** Why there is no answer of ours. */
  readonly error: string | undefined;
}

const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());

/** As a multiset: sorted, nothing left out. */
const sorted = (text: string): string[] =>
  lines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();

const unique = (text: string): string[] => [...new Set(sorted(text))];

/** Edges of a dot graph whose both ends are real actions; pseudo actions are written in orange. */
export const realEdges = (dot: string): string[] => {
  const pseudo = new Set<string>();
  const edges = new Set<string>();
  for (const line of dot.split('\n')) {
    const node = /^"([^"]*)" \[.*fontcolor="(\w+)"/.exec(line);
    if (node?.[2] === 'orange') pseudo.add(node[1] ?? '');
  }
  for (const line of dot.split('\n')) {
    const [, from, to] = /^"([^"]*)" -> "([^"]*)"/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    if (!pseudo.has(from) && !pseudo.has(to)) edges.add(`"${from}" -> "${to}"`);
  }
  return [...edges].sort();
};

const shapes: Readonly<Record<Kind, (text: string) => readonly string[]>> = {
  summary: lines,
  actions: sorted,
  edges: realEdges,
  scores: unique,
  status: lines,
  revised: lines,
};

const expectedText = (test: Case, kind: Kind): string => {
  const { sections, dot, scores } = test.expected;
  switch (kind) {
    case 'summary':
      return sections.summary;
    case 'actions':
      return sections.execution;
    case 'edges':
      return dot;
    case 'scores':
      return scores;
    case 'status':
      return sections.status;
    case 'revised':
      return sections.revised;
  }
};

export const compare = (test: Case, answer: Answer): readonly Comparison[] =>
  KINDS.map((kind) => {
    const expected = shapes[kind](expectedText(test, kind));
    const given = answer[kind];
    const actual = given.ok ? shapes[kind](given.text.trim()) : [];
    return {
      kind,
      isEqual:
        given.ok && expected.length === actual.length && expected.every((line, at) => line === actual[at]),
      expected,
      actual,
      error: given.ok ? undefined : given.error,
    };
  });
