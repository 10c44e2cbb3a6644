/** What a report of vitest tells of the tests that failed, short enough for the end of a long output. */
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';

/** Lines of one failure, and characters of one line: a violation's first words stand at its beginning. */
const MOST_LINES = 30;
const MOST_CHARACTERS = 300;

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(''),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
export type Report = z.infer<typeof report>;

/** A report as vitest's json reporter writes it; throws where it is none. */
export const readReport = (text: string): Report => report.parse(JSON.parse(text));

/** Every test that failed, and every file that did not get as far as its tests: its name, then what it said. */
export function failuresOf({ testResults }: Report): readonly string[] {
  return testResults.flatMap(({ name, message, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [shown(name, message)] : [];
    return failed.map((test) => shown(`${name}: ${test.fullName}`, (test.failureMessages ?? []).join('\n')));
  });
}

function shown(title: string, message: string): string {
  const lines = stripVTControlCharacters(message).trimEnd().split('\n');
  const left = lines.length - MOST_LINES;
  const rest = left > 0 ? [`... and ${left} more lines`] : [];
  return [
    title,
    ...lines.slice(0, MOST_LINES).map((line) => `  ${line.slice(0, MOST_CHARACTERS)}`),
    ...rest,
  ].join('\n');
}
