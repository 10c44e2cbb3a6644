import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What Pacemaker's own simulator makes of a cluster. */
export interface Reference {
  /** The cluster after what was injected: what both schedulers are asked about. */
  readonly asked: string;
  /** States, summary and actions. */
  readonly output: string;
  readonly scores: string;
  /** `undefined`: Pacemaker fails on an assertion of its own when it draws this graph. */
  readonly dot: string | undefined;
  /** Its actions wait for each other, or for what is never done: it calls the transition invalid. */
  readonly isStuck: boolean;
  /** The cluster after the transition. */
  readonly after: string;
}

/** Milliseconds; it takes a few dozen. */
const LONGEST_ANSWER = 60_000;

const SCORES_HEADING = 'Allocation Scores:';

/** Asks `crm_simulate`, with files in a folder of its own. */
export class Simulator {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keelson-fuzz-'));

  /**
   * One process answers everything: what is injected, scores, summary, actions, graph and what comes of them.
   * `undefined`: it fails on an assertion of its own, graph or not, or gives no answer in time.
   */
  async ask(cib: string, flags: readonly string[]): Promise<Reference | undefined> {
    writeFileSync(this.#file('cib.xml'), cib);
    const options = [
      '--simulate',
      '--show-scores',
      // Headings, which --show-scores would leave out.
      '--text-fancy',
      `--xml-file=${this.#file('cib.xml')}`,
      `--save-input=${this.#file('asked.xml')}`,
      `--save-output=${this.#file('after.xml')}`,
      ...flags,
    ];
    const drawn = await this.#run([...options, `--save-dotfile=${this.#file('graph.dot')}`]);
    const printed = drawn ?? (await this.#run(options));
    if (printed === undefined) return undefined;
    const text = (name: string): string => readFileSync(this.#file(name), 'utf8');
    return {
      asked: text('asked.xml'),
      ...withoutScores(printed.output),
      dot: drawn === undefined ? undefined : text('graph.dot'),
      isStuck: printed.isStuck,
      after: text('after.xml'),
    };
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  /** `undefined`: ended on a signal, its own or that of our patience. */
  async #run(
    options: readonly string[],
  ): Promise<{ readonly output: string; readonly isStuck: boolean } | undefined> {
    try {
      const { stdout } = await run('crm_simulate', options, {
        cwd: this.#folder,
        maxBuffer: 64 * 1024 * 1024,
        timeout: LONGEST_ANSWER,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      });
      return { output: stdout, isStuck: false };
    } catch (error) {
      const { stdout, stderr, signal } = error as Partial<Record<'stdout' | 'stderr' | 'signal', string>>;
      if (signal === 'SIGABRT' || signal === 'SIGSEGV' || signal === 'SIGTERM') return undefined;
      if (stdout !== undefined && stderr?.includes('An invalid transition was produced') === true)
        return { output: stdout, isStuck: true };
      throw error;
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The scores stand between the two, up to an empty line. */
function withoutScores(text: string): Pick<Reference, 'output' | 'scores'> {
  const lines = text.split('\n');
  const start = lines.indexOf(SCORES_HEADING);
  if (start === -1) return { output: text, scores: '' };
  const length = lines.slice(start).indexOf('');
  const end = length === -1 ? lines.length : start + length;
  return {
    output: [...lines.slice(0, start), ...lines.slice(end)].join('\n'),
    scores: lines
      .slice(start + 1, end)
      .map((line) => line.replace(/^ *\* /, ''))
      .filter((line) => / (allocation|promotion) score on /.test(line))
      .join('\n'),
  };
}

export async function isInstalled(): Promise<boolean> {
  try {
    await run('crm_simulate', ['--version']);
    return true;
  } catch {
    return false;
  }
}
