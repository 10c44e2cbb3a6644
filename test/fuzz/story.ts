import { difference } from '../judge/difference.ts';
import type { Disagreement } from './check.ts';
import { statementText, type Edit, type FuzzedCluster } from './cluster.ts';

/** A disagreement as a person can follow it: the cluster, what happened, and both answers side by side. */
export function story(cluster: FuzzedCluster, { step, test, comparisons }: Disagreement): string {
  return [
    `seed ${cluster.seed}: the two schedulers disagree at step ${step}`,
    '',
    ...cluster.statements.map(statementText),
    '',
    ...cluster.steps
      .slice(0, step + 1)
      .flatMap(({ flags, attributes, edits, marks, now }, index) => [
        `step ${index} at ${now}: ${flags.join(' ')}`,
        ...attributes.map(({ node, name, value }) => `  attribute of ${node}: ${name}=${value}`),
        ...edits.map(editText),
        ...marks.map((mark) => `  history: ${JSON.stringify(mark)}`),
      ]),
    '',
    ...comparisons.flatMap(({ kind, expected, actual, error }) => [
      `${kind} (- crm_simulate, + Keelson):`,
      ...(error === undefined
        ? difference(expected, actual).filter((line) => kind === 'summary' || !line.startsWith('  '))
        : [error]),
    ]),
    '',
    `what was asked (${test.name}) is printed with --cib`,
  ].join('\n');
}

const editText = (edit: Edit): string =>
  edit.kind === 'gone' ? `  ${edit.resource} is removed` : `  ${edit.head} ${edit.kind} ${edit.option}`;
