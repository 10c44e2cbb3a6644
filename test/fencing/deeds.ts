import { AssertionError } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Discovered, Parameters, Result } from '../../src/model/index.ts';
import { runProgram } from '../../src/platform/processes/run.ts';
import type { AgentContext, FenceAgent, FenceVerb, Power } from '../../src/ports/index.ts';

/** One call of an agent by real programs, and what is to be known of it. */
export interface Deed {
  readonly context: AgentContext;
  /** What every user of the machine could see: command lines, and lines of the log. */
  readonly visible: readonly string[];
  /** The deadline has come. */
  abort(): void;
  /** Processes of the programs that it has started, and that are still there. */
  left(): readonly number[];
}

/** `deadline` in milliseconds; generous where the test does not say otherwise: only a test that fails uses it up. */
export function beginDeed(deadline = 20_000): Deed {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(deadline)]);
  const visible: string[] = [];
  const groups: number[] = [];
  return {
    visible,
    abort: () => controller.abort(),
    left: () => groups.filter(isThere),
    context: {
      node: 'san-a',
      signal,
      log: (line) => visible.push(line),
      run: (program, args, options = {}) => {
        visible.push([program, ...args].join(' '));
        return runProgram(program, args, options, { signal, started: (group) => groups.push(group) });
      },
    },
  };
}

function isThere(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** What people would read of it. */
export const textOf = (result: Result<Power>): string =>
  result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;

export async function perform(
  agent: FenceAgent,
  verb: FenceVerb,
  parameters: Parameters,
  deed: Deed = beginDeed(),
): Promise<string> {
  return textOf(await agent.perform(verb, parameters, deed.context));
}

/** What the device says that it can switch, or why it does not. */
export async function discover(
  agent: FenceAgent,
  parameters: Parameters,
  deed: Deed = beginDeed(),
): Promise<Discovered | string> {
  const found = await agent.discover?.(parameters, deed.context);
  if (found === undefined) return 'it cannot say';
  return found.ok ? found.value : `${found.failure.code}: ${found.failure.message}`;
}

/** Waits for what the other side does by itself; fails where it never does. */
export async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await look()); tries += 1) {
    if (tries === 1000) throw new AssertionError({ message: `${what} has not come about` });
    await sleep(10);
  }
}
