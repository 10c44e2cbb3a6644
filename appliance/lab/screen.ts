import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** What people press. */
export const keys = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  interrupt: '\u0003',
  clear: '\u0015',
} as const;

/** A pseudo-terminal, as the person before it sees it. */
export interface Screen {
  /** Resolves when the text has appeared behind what was awaited before; fails, with all that was seen, after so many milliseconds. */
  readonly sees: (text: string, patience?: number) => Promise<void>;
  readonly types: (text: string) => void;
  /** Waits for a question, and answers it; without a reply takes what is proposed. */
  readonly answers: (question: string, reply?: string) => Promise<void>;
  /** All that was shown, without colours and without what moves the cursor. */
  readonly shown: () => string;
  /** The exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly close: () => void;
}

/** `child` has a pseudo-terminal at its other end: script(1), or ssh with -tt. */
export function watchScreen(child: ChildProcessByStdio<Writable, Readable, null>, patience: number): Screen {
  let seen = '';
  let read = 0;
  let look = (): void => undefined;
  let hasEnded = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
    look();
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code: number | null) => {
      hasEnded = true;
      look();
      resolve(code);
    });
  });
  const shown = (): string => stripVTControlCharacters(seen).replaceAll('\r', '');
  const types = (text: string): void => void child.stdin.write(text);
  const sees = (text: string, longest = patience): Promise<void> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(late);
        look = () => undefined;
        reject(new Error(`${why}: ${text}\n${shown()}`));
      };
      const late = setTimeout(() => fail(`not seen within ${longest / 1000} s`), longest);
      look = () => {
        const at = shown().indexOf(text, read);
        if (at < 0) {
          if (hasEnded) fail('the program ended, and this was not seen');
          return;
        }
        read = at + text.length;
        clearTimeout(late);
        look = () => undefined;
        resolve();
      };
      look();
    });
  return {
    sees,
    types,
    answers: async (question, reply = '') => {
      await sees(question);
      types(`${reply}${keys.enter}`);
    },
    shown,
    ended,
    close: () => void child.kill('SIGKILL'),
  };
}
