import {
  failed,
  failure,
  success,
  type AgentName,
  type Observation,
  type OperationName,
  type Parameters,
  type Result,
} from '../../src/model/index.ts';
import { attempt, observeDrbd } from './agents.ts';
import type { Kernel } from './kernel.ts';
import type { Random } from './random.ts';
import type { Time } from './time.ts';

export interface Work {
  readonly agent: AgentName;
  readonly operation: OperationName;
  readonly parameters: Parameters;
  readonly timeout: number;
}

/** How an operation goes wrong. `fails-late`: it is done, and fails all the same. */
type Trouble = 'fails' | 'fails-late' | 'hangs' | 'is-slow' | undefined;

interface Running {
  readonly settle: (result: Result<Observation>) => void;
  abandoned: boolean;
}

const AGAIN = 120;

/** Carries out operations on one machine, with deadlines; an abandoned one may still have its effect. */
export class AgentHost {
  /** How likely an operation goes wrong, from 0 to 1. */
  trouble = 0;
  private readonly kernel: Kernel;
  private readonly time: Time;
  private readonly random: Random;
  private readonly began: (work: Work) => void;
  private running = new Set<Running>();
  private boot = 0;

  constructor(kernel: Kernel, time: Time, random: Random, began: (work: Work) => void) {
    this.kernel = kernel;
    this.time = time;
    this.random = random;
    this.began = began;
  }

  perform(work: Work, answered: (result: Result<Observation>) => void): void {
    this.began(work);
    const running: Running = {
      abandoned: false,
      settle: (result) => {
        if (!this.running.delete(running)) return;
        answered(result);
      },
    };
    this.running.add(running);
    const trouble = this.troubleOf(work);
    this.time.after(work.timeout, () => {
      running.abandoned = true;
      running.settle(
        failed(failure('agent_timeout', `${work.agent} ${work.operation} overran its deadline`)),
      );
    });
    if (trouble === 'hangs') return;
    const { boot } = this;
    this.time.after(this.duration(work, trouble), () => {
      if (boot !== this.boot) return;
      if (running.abandoned && this.random.chance(0.5)) return;
      if (trouble === 'fails') return running.settle(failed(failure('agent_failed', 'simulated failure')));
      if (work.agent === 'drbd' && work.operation === 'promote') this.promote(running);
      else this.tryOn(work, running, trouble === 'fails-late');
    });
  }

  private promote(running: Running): void {
    const { boot } = this;
    this.kernel.mirror.promote(this.kernel.replica, (refusal) => {
      if (boot !== this.boot) return;
      running.settle(
        refusal === undefined
          ? success(observeDrbd(this.kernel))
          : failed(failure('command_failed', `drbdsetup primary: ${refusal}`)),
      );
    });
  }

  private tryOn(work: Work, running: Running, failsLate: boolean): void {
    const result = attempt(this.kernel, work.agent, work.operation, work.parameters);
    if (result !== 'wait') {
      const late = failed(failure('agent_failed', 'simulated failure after the work'));
      return running.settle(failsLate ? late : result);
    }
    const { boot } = this;
    this.time.after(AGAIN, () => {
      // A new process takes over where the old one was abandoned; what waits in the kernel may still end later.
      if (boot !== this.boot || (running.abandoned && work.operation !== 'stop')) return;
      this.tryOn(work, running, failsLate);
    });
  }

  private troubleOf(work: Work): Trouble {
    if (!this.random.chance(this.trouble)) return undefined;
    const kinds: readonly Trouble[] =
      work.operation === 'monitor'
        ? ['fails', 'hangs', 'is-slow']
        : ['fails', 'fails-late', 'hangs', 'is-slow'];
    return this.random.pick(kinds);
  }

  private duration(work: Work, trouble: Trouble): number {
    if (trouble === 'is-slow') return this.random.between(1000, work.timeout * 1.2);
    return work.operation === 'monitor' ? this.random.between(1, 20) : this.random.between(5, 400);
  }

  /** Its process is gone; what it was doing may or may not have been done. */
  die(): void {
    const cut = [...this.running];
    for (const running of cut) {
      running.abandoned = true;
      running.settle(
        failed(failure('agent_host_died', 'the agent host ended in the middle of an operation')),
      );
    }
  }

  /** Nobody is there any more to hear the answers. */
  forget(): void {
    this.running.clear();
  }

  losePower(): void {
    this.boot += 1;
    this.running.clear();
  }
}
