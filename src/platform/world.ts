import { createHash, randomBytes } from 'node:crypto';
import { milliseconds } from '../model/index.ts';
import type { Clock, Log, Random } from '../ports/index.ts';

/** Node's timers hold 31 bits and fire at once above that; longer delays are made of several. */
const LONGEST_TIMER = 2 ** 31 - 1;

export function createClock(): Clock {
  return {
    now: () => milliseconds(Date.now()),
    monotonic() {
      const [seconds, nanoseconds] = process.hrtime();
      return milliseconds(seconds * 1000 + Math.trunc(nanoseconds / 1e6));
    },
    after(delay, fired) {
      let timer: NodeJS.Timeout;
      const arm = (left: number): void => {
        const part = Math.min(Math.max(left, 0), LONGEST_TIMER);
        timer = setTimeout(() => {
          if (left > part) arm(left - part);
          else fired();
        }, part);
      };
      arm(delay);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

export function createRandom(): Random {
  return { hex: (bytes) => randomBytes(bytes).toString('hex') };
}

/** SHA-256 of the UTF-8 text, as 64 lower-case hex digits. */
export function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What a log writes to: standard error in production. */
export interface LogOutput {
  write(text: string): unknown;
  /** Bytes accepted but not taken by the other side yet. */
  readonly writableLength: number;
}

/** A journal that does not read must not fill the engine's memory: above this, lines are dropped and counted. */
const LOG_BACKLOG_BYTES = 1024 * 1024;

/** Lines for journald: sd-daemon(3)'s priority prefix on every line, so that a stack keeps its priority. */
export function createLog(output: LogOutput = process.stderr): Log {
  let dropped = 0;
  const write = (priority: 3 | 4 | 6, component: string, message: string): void => {
    if (output.writableLength > LOG_BACKLOG_BYTES) {
      dropped += 1;
      return;
    }
    if (dropped > 0) {
      output.write(`<4>log: ${dropped} lines were dropped\n`);
      dropped = 0;
    }
    const lines = message.trimEnd().split('\n');
    output.write(lines.map((line) => `<${priority}>${component}: ${line}\n`).join(''));
  };
  return {
    info: (component, message) => write(6, component, message),
    warn: (component, message) => write(4, component, message),
    error: (component, message) => write(3, component, message),
  };
}
