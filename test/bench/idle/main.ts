/** Program: `npm run bench:idle`; see HELP. The last line is the verdict. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureIdle, type Idle } from './measure.ts';
import { preparePrograms } from './programs.ts';

const HELP = `npm run bench:idle -- [--seconds N] [--luns N]

Starts two nodes with real Corosync and real engines (the bundles of the package, with agents that need no kernel) in
namespaces of this machine, once without LUNs and once with 500, waits until they serve and are at rest, and measures
for N seconds (default 60) what keelsond takes: CPU in percent of one core, and resident memory. Its agent host is a
process of its own and does not count. Fails above 1 % or 120 MiB, on either node. Needs root and Debian's corosync.`;

const LIMIT = { cpu: 1, rss: 120 };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    luns: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const luns = Number(values.luns);

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-idle-'));
  try {
    const programs = await preparePrograms(folder);
    console.log('  LUNs  role        CPU %   RSS MiB   PSS MiB  peak MiB');
    const none = await measure(0);
    const many = await measure(luns);
    const worst = { none: worstOf(none), many: worstOf(many) };
    const isWithin = [worst.none, worst.many].every(({ cpu, rss }) => cpu <= LIMIT.cpu && rss <= LIMIT.rss);
    if (!isWithin) process.exitCode = 1;
    console.log(`idle: engine ${costText(worst.many)} with ${luns} LUNs (${costText(worst.none)} with none)`);

    async function measure(count: number): Promise<readonly Idle[]> {
      const rows = await measureIdle(count, seconds * 1000, programs);
      for (const row of rows) console.log(rowText(row));
      return rows;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const worstOf = (rows: readonly Idle[]): { readonly cpu: number; readonly rss: number } => ({
  cpu: Math.max(...rows.map(({ cpu }) => cpu)),
  rss: Math.max(...rows.map(({ rss }) => rss)),
});

const costText = ({ cpu, rss }: { readonly cpu: number; readonly rss: number }): string =>
  `${cpu.toFixed(2)} % of a core and ${rss.toFixed(0)} MiB`;

const rowText = ({ luns: count, role, cpu, rss, pss, peak }: Idle): string =>
  `${String(count).padStart(6)}  ${role.padEnd(9)} ${[
    cpu.toFixed(2),
    rss.toFixed(1),
    pss.toFixed(1),
    peak.toFixed(1),
  ]
    .map((text, index) => text.padStart(index === 0 ? 7 : 10))
    .join('')}`;

if (values.help) console.log(HELP);
else if (!(seconds > 0) || !Number.isSafeInteger(luns) || luns < 1) {
  console.error(HELP);
  process.exitCode = 2;
} else await bench();
