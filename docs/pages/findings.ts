import { findingCodes } from '../../src/model/index.ts';
import { generated, markdownTable } from './markdown.ts';

export function findingsPage(): string {
  const rows = Object.entries(findingCodes)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, meaning]) => [`\`${code}\``, meaning]);
  return `${generated}

# Findings

What may be wrong with a cluster's definition or history. Each has a code that never changes its meaning and a place;
what can be understood is scheduled all the same. \`keelson simulate\`, \`explain\` and \`convert\` tell them on
standard error.

${markdownTable(['Code', 'Meaning'], rows)}
`;
}
