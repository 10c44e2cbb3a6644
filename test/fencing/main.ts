/** Program: `npm run test:fencing`; see HELP. The last line is the count. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { peers, titleOf, type Peer } from './peers/installed.ts';
import { countsOf, rowsOf, tableOf, type Report } from './table.ts';

const HELP = `Tries every kind of fence device against a peer that is not ours: Debian's simulator of management boards, its
SNMP agent, libvirtd with libvirt's driver for tests, programs of fence-agents, sbd on block devices, and sshd. Installs the
Debian packages that are missing, as npm test does. Everything is on this machine's loopback; SBD disks are loop devices
and need root. What cannot run here is counted as skipped. Ends with 0 where nothing failed, with 1 where something did
or nothing ran.`;

const ROOT = join(import.meta.dirname, '../..');
const REPORT = join(ROOT, 'build/reports/fencing-peers.json');

const command = new Command('npm run test:fencing --')
  .description(HELP)
  .option('--only <text>', 'only tests with that in their name, such as "ipmi:"')
  .helpOption('--help', 'this text')
  .allowExcessArguments(false)
  .action(async ({ only }: { readonly only?: string }) => {
    process.exitCode = await tryAll(only);
  });

async function tryAll(only: string | undefined): Promise<number> {
  mkdirSync(join(ROOT, 'build/reports'), { recursive: true });
  rmSync(REPORT, { force: true });
  const { exitCode } = await execa(
    'vitest',
    [
      ...[
        'run',
        '--project',
        'fencing',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${REPORT}`,
      ],
      ...(only === undefined ? [] : ['-t', only]),
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], preferLocal: true, reject: false },
  );
  const report = readReport();
  const versions = new Map<string, string>();
  for (const peer of Object.values<Peer>(peers)) versions.set(titleOf(peer), await versionOf(peer));
  const rows = report === undefined ? [] : rowsOf(report, only !== undefined);
  const { passed, failed, skipped } = countsOf(rows);
  // What failed outside of any test, such as a file that cannot be read.
  const failures = exitCode === 0 || failed > 0 ? failed : failed + 1;
  process.stdout.write(`\n${tableOf(rows, versions)}\n\n`);
  process.stdout.write(`fencing: ${passed} passed, ${failures} failed, ${skipped} skipped\n`);
  return failures > 0 || passed === 0 ? 1 : 0;
}

function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

/** Debian's, of the package that the program comes with. */
async function versionOf(peer: Peer): Promise<string> {
  const asked = await execa('dpkg-query', ['--show', '--showformat=${Version}', peer.package], {
    reject: false,
  });
  return asked.exitCode === 0 ? asked.stdout : 'not installed';
}

await command.parseAsync();
