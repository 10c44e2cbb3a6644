import type { Diagnosis, DoctorReport } from '../../../src/model/index.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabMachine } from '../../lab/node.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import { otherThan, primaryOf } from '../../trial/failover.ts';
import type { Round, StagedFault } from '../faults/fault.ts';
import { rounds } from '../faults/index.ts';
import type { Scenario } from './scenario.ts';

/** Milliseconds: one look under emulation; and until a node is well again after a fault has ended. */
const LOOK = 300_000;
const WELL_AGAIN = 600_000;

async function look(node: LabMachine, disks: readonly string[] = []): Promise<readonly Diagnosis[]> {
  const options = disks.flatMap((disk) => ['--disk', disk]);
  const { stdout, stderr } = await node.run(['keelson', 'doctor', '--json', ...options], { timeout: LOOK });
  if (stdout === '') throw new Error(`keelson doctor on ${node.name}: ${stderr}`);
  const { diagnoses } = JSON.parse(stdout) as DoctorReport;
  return diagnoses.filter(({ weight }) => weight !== 'informs');
}

const inWords = (diagnoses: readonly Diagnosis[]): string =>
  diagnoses.map(({ code, node = 'the cluster', found }) => `${code} (${node}: ${found})`).join('; ');

/** Until the doctor finds nothing; what it still finds at the end. */
async function findsNothing(node: LabMachine): Promise<readonly Diagnosis[]> {
  const end = performance.now() + WELL_AGAIN;
  for (;;) {
    const found = await look(node);
    if (found.length === 0 || performance.now() > end) return found;
  }
}

const act = (node: LabMachine, deed: StagedFault['stage']): Promise<unknown> =>
  typeof deed === 'string'
    ? node.demand(`set -e\nNODE=${node.name}\n${deed}`, { timeout: LOOK })
    : deed(node);

interface Pair {
  readonly serving: LabMachine;
  readonly mirroring: LabMachine;
}

/** Stages what belongs together, has it looked at, and ends it again; what the doctor said. */
async function staged({ faults, disks }: Round, pair: Pair): Promise<readonly Diagnosis[]> {
  const begun: StagedFault[] = [];
  try {
    for (const fault of faults) {
      begun.push(fault);
      await act(pair[fault.on], fault.stage);
    }
    return await look(disks === undefined ? pair.serving : pair.mirroring, disks);
  } finally {
    for (const { on, end } of begun.reverse()) await act(pair[on], end);
  }
}

const pairOf = (lab: Lab, serving: StorageNodeName): Pair => ({
  serving: lab.node(serving),
  mirroring: lab.node(otherThan(serving)),
});

/** The doctor on a SAN that is well, on the same with one real fault after the other, and when all are mended. */
export const doctor: Scenario = {
  name: 'doctor',
  what: 'the doctor finds nothing on a healthy SAN, and each of some thirty faults that are staged on its nodes',
  run: async (lab, san) => {
    const wrong: string[] = [];
    const pair = pairOf(lab, await primaryOf(san));
    const healthy = await findsNothing(pair.serving);
    if (healthy.length > 0) wrong.push(`found on a healthy SAN: ${inWords(healthy)}`);
    const wanted = rounds.flatMap(({ faults }) => faults.flatMap(({ codes }) => codes));
    let missed = 0;
    for (const round of rounds) {
      const found = await staged(round, pair);
      const codes = new Set(found.map(({ code }) => code));
      const missing = round.faults.flatMap((fault) => fault.codes).filter((code) => !codes.has(code));
      missed += missing.length;
      if (missing.length > 0) wrong.push(`not found: ${missing.join(', ')}; but ${inWords(found)}`);
      const left = await findsNothing(pair.serving);
      if (left.length > 0) wrong.push(`still found when all was mended: ${inWords(left)}`);
    }
    return { wrong, told: `${wanted.length - missed} of ${wanted.length} faults found` };
  },
};
