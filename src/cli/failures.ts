import { failures, type FailureCode } from '../model/failure.ts';

/** Documented in docs/cli.md; scripts rely on them. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  notReachable: 3,
  warns: 4,
  forbids: 5,
  interrupted: 130,
} as const;

/** All was answered, and the exit code says what the answer is. */
export class Ending extends Error {
  override readonly name = 'Ending';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ends with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** What the CLI ends with, in the words of the API where it is the API's. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: string;
  readonly title: string;
  readonly next: string;
  readonly exitCode: number;

  constructor(code: FailureCode | 'usage' | 'not_reachable', detail: string, words?: Partial<Words>) {
    super(detail);
    const known = code === 'usage' || code === 'not_reachable' ? own[code] : failures[code];
    this.code = code;
    this.title = words?.title ?? known.title;
    this.next = words?.next ?? known.next;
    this.exitCode = exitCodeOf(code);
  }

  /** Lines for standard error. */
  get lines(): string {
    return `keelson: ${this.title}: ${this.message}\nnext: ${this.next}\ncode: ${this.code}\n`;
  }
}

interface Words {
  readonly title: string;
  readonly next: string;
}

const own = {
  usage: { title: 'The command cannot be understood', next: 'See `keelson --help`.' },
  not_reachable: {
    title: 'The API does not answer',
    next: 'See `systemctl status keelson-api`, or give another node with --url.',
  },
} as const;

function exitCodeOf(code: string): number {
  switch (code) {
    case 'usage':
      return exitCodes.usage;
    case 'not_reachable':
    case 'engine_unreachable':
      return exitCodes.notReachable;
    default:
      return exitCodes.failure;
  }
}

export const usage = (detail: string, next?: string): CliFailure =>
  new CliFailure('usage', detail, next === undefined ? {} : { next });

export function notReachable(url: string, problem: unknown): CliFailure {
  const { code = '', message = String(problem) } = problem as { code?: string; message?: string };
  const untrusted = /CERT|SELF_SIGNED|ALTNAME|VERIFY/.test(code);
  return new CliFailure(
    'not_reachable',
    `${url}${url === '' ? '' : ': '}${message === '' ? code : message}`,
    untrusted
      ? { next: 'The node shows another certificate than --ca names: check the address and the file.' }
      : {},
  );
}

/** From problem+json; anything else that looks like an error did not come from Keelson's API. */
export function problemFrom(status: number, text: string): CliFailure {
  try {
    const { code, title, detail, next } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code === 'string' && typeof title === 'string' && typeof next === 'string')
      return new CliFailure(
        Object.hasOwn(failures, code) ? (code as FailureCode) : 'internal',
        String(detail),
        {
          title,
          next,
        },
      );
  } catch {
    // Not JSON: said below.
  }
  return new CliFailure('internal', `HTTP ${status} without a reason; is this the API of Keelson?`);
}
