import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOM_FOR_GARBAGE } from '../simulation/side-by-side.ts';
import type { PlantedBug } from './planted-bug.ts';
import type { Question, Verdict } from './verdict.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
/** Milliseconds for one seed, which mostly takes a fraction of a second: then the engine is held to run in circles. */
const PATIENCE = 180_000;

/** The simulation in a process of its own, with one bug in its engine or with none. */
export class Specimen {
  private readonly bug: PlantedBug | undefined;
  private child: ChildProcess | undefined;
  /** One seed after the other, whoever asks. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(bug: PlantedBug | undefined) {
    this.bug = bug;
  }

  simulate(seed: number): Promise<Verdict> {
    return this.inTurn({ kind: 'simulate', seed });
  }

  /** The smallest story of a seed that fails. */
  async tell(seed: number): Promise<string> {
    const verdict = await this.inTurn({ kind: 'tell', seed });
    return verdict.kind === 'story' ? verdict.text : `it could not be told: ${JSON.stringify(verdict)}`;
  }

  private inTurn(question: Question): Promise<Verdict> {
    const verdict = this.last.then(() => this.ask(question));
    this.last = verdict.catch(() => undefined);
    return verdict;
  }

  private async ask(question: Question): Promise<Verdict> {
    if (this.child === undefined) {
      const child = fork(CHILD, [], {
        execArgv: [ROOM_FOR_GARBAGE],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      this.child = child;
      const ready = await answerOf(child, this.bug ?? null);
      if (ready.kind !== 'ready') {
        this.end();
        return ready;
      }
    }
    const verdict = await answerOf(this.child, question);
    if (verdict.kind === 'broken') this.end();
    return verdict;
  }

  end(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}

function answerOf(child: ChildProcess, question: PlantedBug | Question | null): Promise<Verdict> {
  return new Promise((resolve) => {
    const settle = (verdict: Verdict): void => {
      clearTimeout(patience);
      child.off('exit', gone);
      child.off('message', settle);
      resolve(verdict);
    };
    const gone = (): void => settle({ kind: 'broken', message: 'the process of the simulation ended' });
    const patience = setTimeout(() => {
      settle({ kind: 'broken', message: `no end after ${PATIENCE / 1000} s` });
    }, PATIENCE);
    child.once('message', settle);
    child.once('exit', gone);
    child.send(question as Serializable);
  });
}
