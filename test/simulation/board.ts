import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Time } from './time.ts';

/** The switch that a board operates. */
export interface Power {
  readonly name: string;
  readonly isPowered: boolean;
  cut(): void;
  restore(): void;
}

/** A management board: switches the real (simulated) power of one machine; its network may be gone, or slow. */
export class Board {
  reachable = true;
  slow = false;
  /** Calls that may still switch something, or tell of a fault that is over. */
  calls = 0;
  private readonly power: Power;
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;

  constructor(power: Power, time: Time, random: Random, story: Story) {
    this.power = power;
    this.time = time;
    this.random = random;
    this.story = story;
  }

  perform(
    verb: 'off' | 'on' | 'status',
    timeout: number,
    answered: (result: Result<'on' | 'off'>) => void,
  ): void {
    const unreachable = failed(
      failure('fence_unreachable', `the board of ${this.power.name} does not answer`),
    );
    if (!this.reachable) {
      this.calls += 1;
      this.time.after(Math.min(timeout, this.random.between(1000, 5000)), () => {
        this.calls -= 1;
        answered(unreachable);
      });
      return;
    }
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
      this.operate(verb);
      const state = this.power.isPowered ? 'on' : 'off';
      if (late) return;
      deadline.cancel();
      this.time.after(this.random.between(10, 60), () => answered(success(state)));
    });
  }

  private operate(verb: 'off' | 'on' | 'status'): void {
    if (verb === 'status') return;
    this.story.tell('board', `${this.power.name} is switched ${verb}`);
    if (verb === 'off') this.power.cut();
    else this.power.restore();
  }
}
