import { fork } from 'node:child_process';
import { killGroup } from '../processes/run.ts';
import type { FromHost, ToHost } from './messages.ts';

/** One life of an agent host. */
export interface HostProcess {
  readonly pid: number | undefined;
  /** Lost without a word where the process is gone: `ended` tells. */
  send(message: ToHost): void;
  /** Kills it and what it started, and waits for nothing: a process in the kernel's hands may never end. */
  abandon(): void;
}

export interface HostProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly received: (message: FromHost) => void;
  /** Called once, unless the process was abandoned. */
  readonly ended: (reason: string) => void;
}

/** Where Node keeps compiled code, for this process as for its hosts: they boot sooner with it. */
const compileCache = process.env['NODE_COMPILE_CACHE'];
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  // Every hanging file operation holds a thread of Node's pool; the four that it has by default would be gone at once.
  UV_THREADPOOL_SIZE: '64',
  ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
};

export function startHostProcess(options: HostProcessOptions): HostProcess {
  const groups = new Set<number>();
  let over = false;
  const child = fork(options.program, [...options.args], {
    execPath: process.execPath,
    execArgv: [],
    env: ENVIRONMENT,
    serialization: 'json',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const finish = (): boolean => {
    if (over) return false;
    over = true;
    // Its programs would go on beside those of the next host.
    for (const group of groups) killGroup(group, 'SIGKILL');
    return true;
  };
  const end = (reason: string): void => {
    if (finish()) options.ended(reason);
  };
  child.on('message', (raw) => {
    if (over) return;
    const message = raw as FromHost;
    if (message.kind === 'groupStarted') groups.add(message.group);
    else if (message.kind === 'groupEnded') groups.delete(message.group);
    else options.received(message);
  });
  child.on('error', (error) => end(error.message));
  child.on('exit', (code, signal) => end(signal ?? `exit code ${String(code)}`));
  return {
    pid: child.pid,
    send(message) {
      if (over || !child.connected) return;
      child.send(message, () => undefined);
    },
    abandon() {
      if (!finish()) return;
      child.kill('SIGKILL');
      if (child.connected) child.disconnect();
      child.unref();
    },
  };
}
