import { problemCodes } from '../../src/model/index.ts';
import { generated, markdownTable } from './markdown.ts';

export function statusPage(): string {
  const rows = Object.entries(problemCodes)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { severity, meaning }]) => [`\`${code}\``, severity, meaning]);
  return `${generated}

# Problems in a status

\`keelson status\` and \`GET /api/v1/status\` list what a person should know, worst first, each with a code that never
changes its meaning and with what to do next. \`serving\` is false where one of them is \`data-not-served\`;
\`survivesFailure\` is true where each of them is only for \`attention\`. Beside these, failures of operations, of fence
devices and of what nodes notice of themselves are told by the codes of [errors.md](errors.md).

${markdownTable(['Code', 'Severity', 'Meaning'], rows)}
`;
}
