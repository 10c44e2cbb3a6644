import type { AgentContext } from '../../ports/index.ts';
import { killGroup, runProgram } from '../processes/run.ts';
import type { FromHost } from './messages.ts';

/** Makes the contexts of one host and knows the programs that its agents run. */
export interface Contexts {
  make(component: string, signal: AbortSignal): AgentContext;
  /** Ends all programs at once; for the host's own end. */
  killPrograms(): void;
}

export function createContexts(node: string, send: (message: FromHost) => void): Contexts {
  const groups = new Set<number>();
  const started = (group: number): void => {
    groups.add(group);
    send({ kind: 'groupStarted', group });
  };
  const ended = (group: number): void => {
    groups.delete(group);
    send({ kind: 'groupEnded', group });
  };
  return {
    make: (component, signal) => ({
      node,
      signal,
      run: (program, args, options = {}) => runProgram(program, args, options, { signal, started, ended }),
      log: (message) => send({ kind: 'log', level: 'info', component, message }),
    }),
    killPrograms() {
      for (const group of groups) killGroup(group, 'SIGKILL');
    },
  };
}
