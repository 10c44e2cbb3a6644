import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Lab } from '../../lab/lab.ts';
import { sshCommand } from '../../lab/ssh.ts';
import type { MachineName } from '../../lab/topology.ts';

/** One question to a machine's clock. All in milliseconds since 1970; `said` by that clock, the others by this machine's. */
export interface ClockSample {
  readonly asked: number;
  readonly said: number;
  readonly answered: number;
}

const SAMPLES = 12;
/** Milliseconds; a machine that is busy answers late. */
const TIMEOUT = 60_000;

/** How far a clock is ahead of this machine's, by the sample with the shortest way; its error is half of that way. */
export function aheadOf(samples: readonly ClockSample[]): number {
  const [best] = [...samples].sort((a, b) => a.answered - a.asked - (b.answered - b.asked));
  if (best === undefined) throw new Error('no clock was asked');
  return best.said - (best.asked + best.answered) / 2;
}

/** How many milliseconds a machine's clock is ahead of this one's. Nothing sets clocks in the lab. */
export async function clockAhead(lab: Lab, name: MachineName): Promise<number> {
  // A shell's own words: every program that is started costs a tenth of an emulated second.
  const script = `exec bash -c 'while read -r _; do echo "$EPOCHREALTIME"; done'`;
  const [program = '', ...args] = sshCommand(lab.settings, name, ['-T'], [script]);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT });
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  const samples: ClockSample[] = [];
  let asked = Date.now();
  child.stdin.write('\n');
  for await (const line of createInterface({ input: child.stdout })) {
    samples.push({ asked, said: Number(line) * 1000, answered: Date.now() });
    if (samples.length === SAMPLES) break;
    asked = Date.now();
    child.stdin.write('\n');
  }
  child.kill('SIGKILL');
  // The first answer has the connection's beginning in it.
  if (samples.length < SAMPLES) throw new Error(`${name} does not tell its time`);
  return aheadOf(samples.slice(1));
}
