import type { FuzzedCluster, Statement, Step } from './cluster.ts';

/** Enough to make most stories short; each trial is a run of both schedulers. */
const MOST_TRIALS = 400;

/** The smallest cluster found, by leaving out one piece after the other, that still `fails`. */
export async function shrink(
  cluster: FuzzedCluster,
  fails: (candidate: FuzzedCluster) => Promise<boolean>,
): Promise<FuzzedCluster> {
  let smallest = cluster;
  let trials = 0;
  for (let again = true; again;) {
    again = false;
    for (const candidate of smaller(smallest)) {
      if (trials >= MOST_TRIALS) return smallest;
      trials += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      again = true;
      break;
    }
  }
  return smallest;
}

/** Big pieces first. */
function* smaller(cluster: FuzzedCluster): Generator<FuzzedCluster> {
  const { steps, statements } = cluster;
  for (let index = steps.length - 1; index >= 0; index -= 1)
    if (steps.length > 1) yield { ...cluster, steps: without(steps, index) };
  for (let index = statements.length - 1; index >= 0; index -= 1)
    yield { ...cluster, statements: without(statements, index) };
  for (const [index, statement] of statements.entries())
    for (const less of smallerStatements(statement))
      yield { ...cluster, statements: replaced(statements, index, less) };
  for (const [index, step] of steps.entries())
    for (const less of smallerSteps(step)) yield { ...cluster, steps: replaced(steps, index, less) };
}

function* smallerStatements(statement: Statement): Generator<Statement> {
  for (const index of statement.options.keys())
    yield { ...statement, options: without(statement.options, index) };
  // A group may lose members.
  const [, keyword, members] = /^(group \S+) (.+ .+)$/.exec(statement.head) ?? [];
  if (keyword === undefined || members === undefined) return;
  const words = members.split(' ');
  for (const index of words.keys())
    yield { ...statement, head: `${keyword} ${without(words, index).join(' ')}` };
}

function* smallerSteps(step: Step): Generator<Step> {
  for (const index of step.edits.keys()) yield { ...step, edits: without(step.edits, index) };
  for (const index of step.marks.keys()) yield { ...step, marks: without(step.marks, index) };
  for (const index of step.flags.keys()) yield { ...step, flags: without(step.flags, index) };
  for (const index of step.attributes.keys()) yield { ...step, attributes: without(step.attributes, index) };
}

const without = <Item>(items: readonly Item[], index: number): readonly Item[] => [
  ...items.slice(0, index),
  ...items.slice(index + 1),
];

const replaced = <Item>(items: readonly Item[], index: number, item: Item): readonly Item[] => [
  ...items.slice(0, index),
  item,
  ...items.slice(index + 1),
];
