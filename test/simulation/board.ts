import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { Lies } from './lies.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Appointment, Time } from './time.ts';

/** The switch that a board operates. */
export interface Power {
  readonly name: string;
  readonly isPowered: boolean;
  /** Counts the times that the power went on. */
  readonly life: number;
  cut(): void;
  restore(): void;
}

type Verb = 'off' | 'on' | 'status';
type Answered = (result: Result<'on' | 'off'>) => void;

/** A management board: switches the real (simulated) power of one machine, as long as it is in order. */
export class Board {
  reachable = true;
  slow = false;
  /** It refuses what it is asked for. */
  failing = false;
  /** It takes the question, and never answers. */
  hanging = false;
  /** It says that it switched, and did not. */
  lying = false;
  /** It switches at once, and says so only long afterwards, often when nobody waits for that any more. */
  late = false;
  /** For whoever waits for that. */
  switchedOff: () => void = () => undefined;
  /** Calls that may still switch something, or tell of a fault that is over. */
  calls = 0;
  private readonly power: Power;
  private readonly lies: Lies;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;

  constructor(power: Power, lies: Lies, time: Time, random: Random, story: Story) {
    this.power = power;
    this.lies = lies;
    this.time = time;
    this.random = random;
    this.story = story;
  }

  /** What it switches. */
  get of(): string {
    return this.power.name;
  }

  /** Whether it has power itself: a board in the machine has none without the machine's feeds. */
  isFed = (): boolean => true;

  perform(verb: Verb, timeout: number, answered: Answered): void {
    const unreachable = failed(
      failure('fence_unreachable', `the board of ${this.power.name} does not answer`),
    );
    if (!this.reachable || !this.isFed())
      return this.giveUp(Math.min(timeout, this.random.between(1000, 5000)), unreachable, answered);
    if (this.hanging) return this.giveUp(timeout, unreachable, answered);
    const delay = this.slow ? this.random.between(2000, 30_000) : this.random.between(40, 400);
    // A healthy board's regular check changes nothing, and there is always one to come.
    const counted = verb === 'status' && !this.slow ? 0 : 1;
    this.calls += counted;
    let late = false;
    let isLost = false;
    const deadline = this.time.after(timeout, () => {
      late = true;
      if (isLost) this.calls -= 1;
      answered(unreachable);
    });
    this.time.after(delay, () => {
      this.calls -= counted;
      isLost = !this.reachable && !late;
      if (isLost) this.calls += 1;
      if (!this.reachable) return;
      const result = this.operate(verb);
      if (late) return;
      if (this.late) return this.answerLate(() => (late ? undefined : answered(result())), deadline);
      deadline.cancel();
      this.time.after(this.random.between(10, 60), () => answered(result()));
    });
  }

  /** Whoever gave up waiting has been told so by the deadline. */
  private answerLate(answer: () => void, deadline: Appointment): void {
    this.calls += 1;
    this.time.after(this.random.between(1000, 19_900), () => {
      this.calls -= 1;
      answer();
      deadline.cancel();
    });
  }

  private giveUp(delay: number, unreachable: Result<never>, answered: Answered): void {
    this.calls += 1;
    this.time.after(delay, () => {
      this.calls -= 1;
      answered(unreachable);
    });
  }

  /** Does it, and gives what to answer when the answer is on its way. */
  private operate(verb: Verb): () => Result<'on' | 'off'> {
    const { power } = this;
    const state = power.isPowered ? 'on' : 'off';
    if (this.failing)
      return () => failed(failure('fence_refused', `the board of ${power.name} refuses to switch`));
    if (verb === 'status') return () => success(state);
    if (this.lying) return this.lie(verb);
    this.story.tell('board', `${power.name} is switched ${verb}`);
    if (verb === 'off') {
      power.cut();
      this.switchedOff();
    } else power.restore();
    const after = power.isPowered ? 'on' : 'off';
    return () => success(after);
  }

  private lie(verb: 'on' | 'off'): () => Result<'on' | 'off'> {
    const { power, story } = this;
    return () => {
      if (power.isPowered !== (verb === 'on')) {
        const { life } = power;
        const isOver = (): boolean => !power.isPowered || power.life !== life;
        story.tell('board', `says that ${power.name} is ${verb}, and it is not: a lie`);
        if (verb === 'off') this.lies.tell({ cause: 'device lied', about: `power of ${power.name}`, isOver });
      }
      return success(verb);
    };
  }
}
