/** Program: `npm run bench:scheduler`; see HELP. The last line is the verdict. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isInstalled } from '../../fuzz/reference.ts';
import { compare, WARM_UPS, type Row } from './compare.ts';
import { prepareOurs } from './ours.ts';
import { shapes, type Shape } from './shapes.ts';
import { headlines, sizes } from './sizes.ts';
import { heading, rowText, verdict } from './table.ts';

const HELP = `npm run bench:scheduler -- [--shape group|set|stacks] [--quick] [--repeat N] [--limit SECONDS]

Has Keelson and Debian's crm_simulate decide on the same clusters, one after the other, N rounds (default 3; medians):
all that runs on the first of two nodes has to come up on the second. One call: the decision alone, on a document that
has been read, after ${WARM_UPS} others to warm up. Process: the command from start to end, reading
the file and printing the answer; with its peak memory. What crm_simulate reads and validates is in its process, not in its call. crm_simulate is left out where one run of it can be expected to
take more than the limit (default 30 s), but never at the sizes of the verdict. --quick: one round, few sizes.`;

const { values } = parseArgs({
  options: {
    shape: { type: 'string' },
    quick: { type: 'boolean', default: false },
    repeat: { type: 'string' },
    limit: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});

const rounds = Number(values.repeat ?? (values.quick ? 1 : 3));
const limit = Number(values.limit);
const chosen = Object.keys(shapes).filter(
  (shape): shape is Shape => values.shape === undefined || shape === values.shape,
);

if (values.help) console.log(HELP);
else if (chosen.length === 0 || !Number.isSafeInteger(rounds) || rounds < 1 || !(limit > 0)) {
  console.error(HELP);
  process.exitCode = 2;
} else if (!(await isInstalled())) {
  console.error(
    'bench: crm_simulate is missing; next: apt-get install --no-install-recommends pacemaker-cli-utils',
  );
  process.exitCode = 1;
} else await bench();

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-'));
  try {
    const ours = await prepareOurs(folder);
    const rows: Row[] = [];
    console.log(heading());
    for (const shape of chosen) {
      let before: Row | undefined;
      for (const size of sizes[shape][values.quick ? 'quick' : 'all']) {
        const withTheirs = size <= headlines[shape][0] || expected(before, size) <= limit;
        before = await compare(folder, ours, shape, size, rounds, withTheirs);
        rows.push(before);
        console.log(rowText(before));
        if (!withTheirs) console.log(`  crm_simulate is left out: it would take more than ${limit} s a run`);
      }
    }
    console.log(verdict(rows, chosen[0] ?? 'group'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds that one run of crm_simulate will take: its cost grows up to the square of the size. */
function expected(before: Row | undefined, size: number): number {
  if (before?.theirs === undefined) return Infinity;
  return before.theirs.whole * (size / before.size) ** 2;
}
