import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../lab/error.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import { progressTo, type Progress } from '../lab/progress.ts';
import type { StorageNodeName } from '../lab/topology.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf, type Phases } from '../trial/failover.ts';
import { formCluster } from '../trial/form.ts';
import { attachLun, detachAll, toldBy } from '../trial/host.ts';
import { isGood, underLoad, type Verdict } from '../trial/load.ts';
import { checkoutPackage } from '../trial/package.ts';
import { San } from '../trial/san.ts';
import { phaseTable } from './table.ts';

const HELP = `npm run demo -- [--keep] [--size SIZE] [--rate WRITES]

Builds a two-node SAN for real, in three virtual machines on this computer, and pulls the power cord of the node that
serves while a host writes. Needs root. Installs what is missing (npm and Debian packages), and says so.

  --keep         leave the SAN running at the end, and print how to reach it
  --size SIZE    size of the LUN (256MiB)
  --rate WRITES  writes per second of the host (20)
`;

/** How long the host writes before the power cord is pulled, and after it is served again, in milliseconds. */
const WRITE_BEFORE = 10_000;
const WRITE_AFTER = 10_000;

interface Outcome {
  readonly phases: Phases;
  readonly cutNode: StorageNodeName;
  readonly verdict: Verdict;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      keep: { type: 'boolean', default: false },
      size: { type: 'string', default: '256MiB' },
      rate: { type: 'string', default: '20' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const progress = progressTo(process.stdout);
  const lab = openLab({ progress });
  try {
    const san = new San(lab);
    await lab.up({ fresh: true, debianPackage: checkoutPackage(progress) });
    await formCluster(lab, san, progress);
    const outcome = await prove(lab, san, values.keep, values.size, Number(values.rate), progress);
    const good = report(outcome);
    if (values.keep) await invite(san);
    return good ? 0 : 1;
  } finally {
    if (!values.keep) await lab.down();
  }
}

async function prove(
  lab: Lab,
  san: San,
  keep: boolean,
  size: string,
  rate: number,
  progress: Progress,
): Promise<Outcome> {
  progress(`POST /api/v1/luns {"name":"demo","size":"${size}"}`);
  const lun = await san.createLun('demo', size);
  progress(`LUN demo is exported as ${lun.wwid} by ${lun.servedBy ?? 'no node'}`);
  progress('client: logs in through both portals');
  const device = await attachLun(lab, lun.wwid, await toldBy(san));
  progress(`client: ${device} has two paths; fio begins to write`);
  const { verdict, outcome } = await underLoad(lab, device, rate, async () => {
    await wait(WRITE_BEFORE);
    const cutNode = await primaryOf(san);
    progress(`pulling the power cord of ${cutNode}, which serves the LUN`);
    const phases = await cutPrimary(lab, san, cutNode);
    progress(`${otherThan(cutNode)} serves; the host goes on writing`);
    await wait(WRITE_AFTER);
    progress(`waiting until ${cutNode} is back and both copies are UpToDate`);
    await bothCurrent(lab, san);
    progress('stopping fio, and reading every acknowledged block back');
    return { phases, cutNode };
  });
  if (!keep) await detachAll(lab);
  return { ...outcome, verdict };
}

function report({ phases, cutNode, verdict }: Outcome): boolean {
  const { writes, verified, lost, errors, longestGap, bothPrimary } = verdict;
  const good = isGood(verdict);
  const checks: readonly (readonly [string, boolean])[] = [
    ['every acknowledged write was read back', lost === 0 && verified === writes && writes > 0],
    ['no I/O error reached the application', errors === 0],
    ['never two primaries, by both kernels’ own events', bothPrimary === 0],
  ];
  process.stdout.write(`\n${phaseTable(phases, cutNode, longestGap)}\n\n`);
  for (const [what, holds] of checks) process.stdout.write(`${holds ? 'yes' : 'NO '}  ${what}\n`);
  process.stdout.write(
    `\n${good ? 'The SAN survived the power cut.' : 'The SAN did NOT keep its promise.'}\n`,
  );
  const gap = (longestGap / 1000).toFixed(1);
  process.stdout.write(
    `demo: ${verified} writes verified, ${lost} lost, ${errors} errors, longest gap ${gap} s\n`,
  );
  return good;
}

async function invite(san: San): Promise<void> {
  process.stdout.write(`
The SAN runs on. Try:
  curl --insecure --header 'Authorization: Bearer ${await san.token()}' ${san.url('san-a')}/api/v1/status
  npm run lab -- ssh san-a keelson status
  npm run lab -- power-cut san-b
  npm run lab -- down
`);
}

process.exitCode = await main().catch((error: unknown) => {
  const next = error instanceof LabError ? `\nnext: ${error.nextStep}` : '';
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}${next}\n`);
  return 1;
});
