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
import { attempt, attemptHalf, observeDrbd } from './agents.ts';
import type { Kernel } from './kernel.ts';
import { claim, isTrue, subjectOf } from './agent-lies.ts';
import { kindOf, troublesOf, type Flaw, type Trouble } from './agent-trouble.ts';
import type { Lies } from './lies.ts';
import type { Random } from './random.ts';
import type { Time } from './time.ts';

export interface Work {
  /** The name that the engine gave to it. */
  readonly work: string;
  readonly agent: AgentName;
  readonly operation: OperationName;
  readonly parameters: Parameters;
  readonly timeout: number;
}

interface Running {
  readonly work: Work;
  readonly settle: (result: Result<Observation>) => void;
  /** Nobody waits for it any more. */
  abandoned: boolean;
  /** To how many hosts it was given. */
  hosts: number;
  /** The process that works on it. */
  host: number;
}

const AGAIN = 120;
const RESTART = { least: 5, most: 2000 };
/** Work whose host dies is given to the next one, once. */
const MOST_HOSTS = 2;
/** A host that stands still for longer is killed; one that boots may take longer (platform/agent-host/lane.ts). */
const PATIENCE = { awake: 15_000, boots: 90_000 };

/** Carries out operations on one machine, with deadlines; an abandoned one may still have its effect. */
export class AgentHost {
  /** How likely an operation goes wrong, from 0 to 1. */
  trouble = 0;
  /** How likely it lies, from 0 to 1. */
  lying = 0;
  /** What this agent has started does not let itself be stopped, until the power is off. */
  unstoppable: AgentName | undefined;
  /** Agents with which the same goes wrong each time, as where a module or an interface that they need is missing. */
  readonly broken = new Map<AgentName, Flaw>();
  /** For whoever wants to know of what the engine cannot: it was done late, or it was lied about. */
  unforeseen: (work: Work) => void = () => undefined;
  private readonly kernel: Kernel;
  private readonly lies: Lies;
  private readonly time: Time;
  private readonly random: Random;
  private running = new Set<Running>();
  private boot = 0;
  private host = 1;
  private stalled: (() => void)[] | undefined;
  private unheard: (() => void)[] | undefined;

  constructor(kernel: Kernel, lies: Lies, time: Time, random: Random) {
    this.kernel = kernel;
    this.lies = lies;
    this.time = time;
    this.random = random;
  }

  perform(work: Work, answered: (result: Result<Observation>) => void): void {
    const running: Running = {
      work,
      abandoned: false,
      hosts: 0,
      host: 0,
      settle: (result) => {
        if (!this.running.delete(running)) return;
        if (this.unheard === undefined) answered(result);
        else this.unheard.push(() => answered(result));
      },
    };
    this.running.add(running);
    this.time.after(work.timeout, () => {
      running.abandoned = true;
      running.settle(
        failed(failure('agent_timeout', `${work.agent} ${work.operation} overran its deadline`)),
      );
    });
    this.launch(running);
  }

  private launch(running: Running): void {
    const { work } = running;
    const { boot, host } = this;
    running.hosts += 1;
    running.host = host;
    const trouble = this.troubleOf(work);
    if (trouble === 'hangs') return;
    this.time.after(this.duration(work, trouble), () =>
      this.whenAwake(() => {
        if (boot !== this.boot || host !== running.host) return;
        if (running.abandoned && this.random.chance(0.5)) return;
        this.carryOut(running, trouble);
      }),
    );
  }

  private carryOut(running: Running, trouble: Trouble): void {
    const { work } = running;
    switch (trouble) {
      case 'fails-half':
        attemptHalf(this.kernel, work.agent, work.operation, work.parameters);
        return running.settle(failed(failure('agent_failed', 'simulated failure in the middle of the work')));
      case 'fails':
        return running.settle(failed(failure('agent_failed', 'simulated failure')));
      case 'in-vain':
        return running.settle(
          attempt(this.kernel, work.agent, 'monitor', work.parameters) as Result<Observation>,
        );
      case 'kills':
        return this.die();
      case 'lies':
        return this.lie(running);
      case 'fails-late':
      case 'hangs':
      case 'is-slow':
      case undefined:
        if (work.agent === 'drbd' && work.operation === 'promote') this.promote(running);
        else this.tryOn(running, trouble === 'fails-late');
    }
  }

  private lie(running: Running): void {
    const { kernel } = this;
    const { work } = running;
    const observation = claim(work, kernel);
    const about = subjectOf(kernel.name, work);
    if (!running.abandoned && !isTrue(observation, work, kernel)) {
      this.unforeseen(work);
      this.lies.tell({ cause: 'agent lied', about, isOver: () => isTrue(observation, work, kernel) });
    }
    running.settle(success(observation));
  }

  private promote(running: Running): void {
    const { boot } = this;
    this.kernel.mirror.promote(this.kernel.replica, (refusal) => {
      if (boot !== this.boot) return;
      if (running.abandoned && refusal === undefined) this.unforeseen(running.work);
      running.settle(
        refusal === undefined
          ? success(observeDrbd(this.kernel))
          : failed(failure('command_failed', `drbdsetup primary: ${refusal}`)),
      );
    });
  }

  private tryOn(running: Running, failsLate: boolean, host = running.host): void {
    const { work } = running;
    const result = attempt(this.kernel, work.agent, work.operation, work.parameters);
    if (result !== 'wait') {
      if (running.abandoned || host !== this.host) this.unforeseen(work);
      // Nobody hears what an ended host would have said.
      if (host !== running.host) return;
      const late = failed(failure('agent_failed', 'simulated failure after the work'));
      if (result.ok && !running.abandoned) this.lies.correct(subjectOf(this.kernel.name, work));
      return running.settle(failsLate ? late : result);
    }
    const { boot } = this;
    this.time.after(AGAIN, () =>
      this.whenAwake(() => {
        // A new process takes over where the old one was abandoned; what waits in the kernel may still end later.
        const isGone = running.abandoned || host !== running.host;
        if (boot !== this.boot || (isGone && work.operation !== 'stop')) return;
        this.tryOn(running, failsLate, host);
      }),
    );
  }

  private whenAwake(act: () => void): void {
    if (this.stalled === undefined) act();
    else this.stalled.push(act);
  }

  private troubleOf(work: Work): Trouble {
    const kind = kindOf(work);
    if (kind === 'stop' && work.agent === this.unstoppable) return 'fails';
    const flaw = this.broken.get(work.agent);
    if (flaw !== undefined && flaw.of === kind) return flaw.trouble;
    if (this.random.chance(this.lying)) return 'lies';
    return this.random.chance(this.trouble) ? this.random.pick(troublesOf(work)) : undefined;
  }

  private duration(work: Work, trouble: Trouble): number {
    if (trouble === 'is-slow') return this.random.between(1000, work.timeout * 1.2);
    return work.operation === 'monitor' ? this.random.between(1, 20) : this.random.between(5, 400);
  }

  /** Nothing that it says is heard, nor that an operation has overrun its deadline; later all at once. */
  setMute(mute: boolean): void {
    if (mute === (this.unheard !== undefined)) return;
    const said = this.unheard ?? [];
    this.unheard = mute ? [] : undefined;
    for (const tell of said) tell();
  }

  get isMute(): boolean {
    return this.unheard !== undefined;
  }

  /** SIGSTOP and SIGCONT of its process; or one that has not booted yet, which is not to blame for its silence. */
  setStalled(stalled: boolean, why: keyof typeof PATIENCE = 'awake'): void {
    if (stalled === (this.stalled !== undefined)) return;
    if (!stalled) {
      const waiting = this.stalled ?? [];
      this.stalled = undefined;
      for (const act of waiting) act();
      return;
    }
    this.stalled = [];
    const { boot, host } = this;
    this.time.after(PATIENCE[why], () => {
      if (this.stalled !== undefined && boot === this.boot && host === this.host) this.die();
    });
  }

  /** Its process is gone; what it was doing was done, or not, or half of it. A new one takes over. */
  die(): void {
    this.end();
    const { boot, host } = this;
    this.time.after(this.random.between(RESTART.least, RESTART.most), () => {
      if (boot !== this.boot || host !== this.host) return;
      for (const running of [...this.running])
        if (running.hosts < MOST_HOSTS) this.launch(running);
        else
          running.settle(
            failed(failure('agent_host_died', 'the agent host ended in the middle of an operation')),
          );
    });
  }

  /** Its parent is gone, and so is it. */
  endWithParent(): void {
    this.end();
    this.unheard = undefined;
    this.running.clear();
  }

  private end(): void {
    this.host += 1;
    this.stalled = undefined;
    for (const { work, host } of this.running) {
      if (host !== this.host - 1 || work.operation === 'promote' || !this.random.chance(0.6)) continue;
      if (this.random.chance(0.5)) attemptHalf(this.kernel, work.agent, work.operation, work.parameters);
      else attempt(this.kernel, work.agent, work.operation, work.parameters);
    }
  }

  losePower(): void {
    this.boot += 1;
    this.host += 1;
    this.stalled = undefined;
    this.unheard = undefined;
    this.unstoppable = undefined;
    this.running.clear();
  }
}
