import { success } from '../../../src/model/index.ts';
import type { AgentContext, RunOutput } from '../../../src/ports/index.ts';

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
}

/** A context whose programs are answered by the test, and which remembers what was asked for. */
export function contextWith(
  answer: (call: Call, input?: string) => Partial<RunOutput> = () => ({
    exitCode: 127,
    stderr: 'no program may run here',
  }),
  signal: AbortSignal = new AbortController().signal,
): AgentContext & { readonly calls: Call[]; readonly lines: string[] } {
  const calls: Call[] = [];
  const lines: string[] = [];
  return {
    node: 'san-a',
    signal,
    calls,
    lines,
    log: (line) => lines.push(line),
    run: (program, args, options) => {
      const call = { program, args };
      calls.push(call);
      return Promise.resolve(
        success({ exitCode: 0, stdout: '', stderr: '', ...answer(call, options?.input) }),
      );
    },
  };
}
