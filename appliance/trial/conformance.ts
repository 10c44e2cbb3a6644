import type { Lab } from '../lab/lab.ts';

/** What libiscsi's tests said of a LUN. Names as `SUITE.TEST`. */
export interface Conformance {
  readonly ran: number;
  readonly failed: readonly string[];
  /** The last line with numbers, where there is one: without it the program did not come to its end. */
  readonly counted: { readonly ran: number; readonly failed: number } | undefined;
}

/** The output of iscsi-test-cu, verbose: tests tell things of their own between their name and how they went. */
export function readConformance(text: string): Conformance {
  let suite = '';
  let test = '';
  let ran = 0;
  const failed: string[] = [];
  let counted: Conformance['counted'];
  for (const line of text.split('\n')) {
    suite = /^Suite: (\S+)/.exec(line)?.[1] ?? suite;
    const begun = /^ {2}Test: (\S+) \.\.\./.exec(line)?.[1];
    if (begun !== undefined) {
      test = begun;
      ran += 1;
    }
    if (test !== '' && /(^|\.\.\.|\s)FAILED$/.test(line.trimEnd())) failed.push(`${suite}.${test}`);
    // Type, total, ran, passed, failed, inactive.
    const summary = /^ +tests +\d+ +(\d+) +\d+ +(\d+) +\d+/.exec(line);
    if (summary !== null) counted = { ran: Number(summary[1]), failed: Number(summary[2]) };
  }
  return { ran, failed: [...new Set(failed)], counted };
}

/** Under emulation; milliseconds. */
const TESTED = 2_400_000;

/**
 * Has libiscsi's tests ask a LUN for everything, its data included: it must be one that nobody uses. `initiators`: two
 * names that see it. A summary that is missing, or counts otherwise than its lines, is left to the caller.
 */
export async function testConformance(
  lab: Lab,
  lun: { readonly portal: string; readonly iqn: string; readonly number: number },
  initiators: readonly [string, string],
): Promise<Conformance> {
  const { stdout } = await lab
    .node('client')
    .run(
      [
        'iscsi-test-cu',
        '--dataloss',
        '--initiator-name',
        initiators[0],
        '--initiator-name-2',
        initiators[1],
        '--test',
        'ALL',
        `iscsi://${lun.portal}:3260/${lun.iqn}/${lun.number}`,
      ],
      { timeout: TESTED },
    );
  return readConformance(stdout);
}
