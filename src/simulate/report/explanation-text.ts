import type { PlacementExplanation } from '../../engine/explain/placement.ts';
import { scoreText } from '../../engine/explain/placement-words.ts';

const VERDICTS: Readonly<Record<PlacementExplanation['nodes'][number]['verdict'], string>> = {
  chosen: 'it will be here',
  possible: 'it could be here',
  forbidden: 'it may not be here',
  unable: 'this node runs nothing just now',
};

/** One primitive or instance as an indented list; without a line break at the end. */
export const explanationText = ({ answer, why, nodes, planned }: PlacementExplanation): string =>
  [
    `${answer}.`,
    ...titled('Why', why),
    ...nodes.flatMap(({ node, verdict, score, speaksFor, speaksAgainst, forbids, toChange }) => [
      `  On ${node}: ${VERDICTS[verdict]}${score === undefined ? '' : ` (score ${scoreText(score)})`}.`,
      ...speaksFor.map((text) => `    for: ${text}`),
      ...speaksAgainst.map((text) => `    against: ${text}`),
      ...forbids.map((text) => `    forbids it: ${text}`),
      ...toChange.map((text) => `    would have to change: ${text}`),
    ]),
    ...titled(
      'Planned',
      planned.map(
        ({ what, why: because, isBlocked }) => `${what}${isBlocked ? ' (cannot be done)' : ''}: ${because}`,
      ),
    ),
  ].join('\n');

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
