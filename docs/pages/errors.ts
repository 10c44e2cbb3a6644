import { failures } from '../../src/model/index.ts';
import { generated, markdownTable } from './markdown.ts';

export function errorsPage(): string {
  const rows = Object.entries(failures)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { status, title, next }]) => [`\`${code}\``, String(status), title, next]);
  return `${generated}

# Failures

Every expected failure has a code that never changes its meaning. The API answers with the HTTP status and a body of
the type \`application/problem+json\` (RFC 9457) with the members \`type\` (\`urn:keelson:error:CODE\`), \`title\`,
\`status\`, \`detail\` (what was seen), \`code\` and \`next\` (what to do). The command line prints the same on
standard error.

${markdownTable(['Code', 'HTTP', 'Meaning', 'What to do'], rows)}
`;
}
