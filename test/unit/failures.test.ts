import { expect, test } from 'vitest';
import { failuresOf, readReport } from '../failures.ts';

const counts = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };
const passed = { status: 'passed', fullName: 'that it runs', failureMessages: [] };

test('what failed is told at the end: the test, and the beginning of its words', () => {
  const message = [
    'Error: \u001b[31mseed 4711\u001b[39m: two nodes write',
    ...Array<string>(80).fill('x'.repeat(999)),
  ];
  const failed = { status: 'failed', fullName: '500 fresh seeds', failureMessages: [message.join('\n')] };
  const files = [
    { name: 'a.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
    { name: 'b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
    { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [passed] },
  ];
  const [first, ...others] = failuresOf(readReport(JSON.stringify({ ...counts, testResults: files })));
  const lines = first?.split('\n') ?? [];
  expect(lines.slice(0, 2)).toEqual(['a.test.ts: 500 fresh seeds', '  Error: seed 4711: two nodes write']);
  expect(lines.at(-1)).toBe('... and 51 more lines');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(310);
  expect(others).toEqual(['b.test.ts\n  does not load']);
});

test('a report without counts is none', () => {
  expect(() => readReport('{"success": true}')).toThrow();
});
