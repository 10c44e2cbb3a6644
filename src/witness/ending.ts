import { failures, type Failure } from '../model/index.ts';

/** As those of `keelson`, and what a shell says of a program that Ctrl-C ended. */
export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Lines for standard error, as `keelson` writes them. */
export const failureLines = ({ code, message }: Failure): string =>
  `keelson-witness: ${failures[code].title}: ${message}\nnext: ${failures[code].next}\ncode: ${code}\n`;

/** Resolves at the first Ctrl-C, SIGTERM or hang-up from here on; a second one ends the process at once. */
export function untilInterrupted(): {
  readonly interrupted: Promise<'interrupted'>;
  readonly release: () => void;
} {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const { promise: interrupted, resolve } = Promise.withResolvers<'interrupted'>();
  const release = (): void => signals.forEach((signal) => process.off(signal, hear));
  const hear = (): void => {
    release();
    resolve('interrupted');
  };
  signals.forEach((signal) => process.on(signal, hear));
  return { interrupted, release };
}
