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
  readonly dot: string;
  /** The cluster after the transition. */
  readonly after: string;
}

/** Asks `crm_simulate`, with files in a folder of its own. */
export class Simulator {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keelson-fuzz-'));

  /** `undefined`: Pacemaker itself makes no transition that could be carried out (its actions wait in a circle). */
  async ask(cib: string, flags: readonly string[]): Promise<Reference | undefined> {
    writeFileSync(this.#file('cib.xml'), cib);
    const output = await this.#run([
      '--simulate',
      `--xml-file=${this.#file('cib.xml')}`,
      `--save-input=${this.#file('asked.xml')}`,
      `--save-output=${this.#file('after.xml')}`,
      `--save-dotfile=${this.#file('graph.dot')}`,
      ...flags,
    ]);
    if (output === undefined) return undefined;
    const scores = await this.#run(['--show-scores', `--xml-file=${this.#file('asked.xml')}`]);
    const text = (name: string): string => readFileSync(this.#file(name), 'utf8');
    return {
      asked: text('asked.xml'),
      output,
      scores: scores ?? '',
      dot: text('graph.dot'),
      after: text('after.xml'),
    };
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  async #run(options: readonly string[]): Promise<string | undefined> {
    try {
      const { stdout } = await run('crm_simulate', options, {
        maxBuffer: 64 * 1024 * 1024,
        timeout: 120_000,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      });
      return stdout;
    } catch (error) {
      if (String((error as { stderr?: string }).stderr).includes('An invalid transition was produced'))
        return undefined;
      throw error;
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function isInstalled(): Promise<boolean> {
  try {
    await run('crm_simulate', ['--version']);
    return true;
  } catch {
    return false;
  }
}
