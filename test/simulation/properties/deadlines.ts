import type { Work } from '../agent-host.ts';
import { isStopped, subjectOf } from '../agent-lies.ts';
import type { Machine } from '../machine.ts';
import { Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { couldBeFenced } from './calm.ts';

/** Milliseconds. */
const LONGEST_DEADLINE = 3_600_000;
/** How much longer than its operation a controller may wait for an answer. */
const SLACK = { factor: 4, most: 60_000 };
/** In seconds in which somebody could have switched it off. */
const LONGEST_UNSTOPPED = 120;

/** S9: whatever is begun ends, or is made to end. */
export function checkDeadline(what: string, timeout: number): void {
  if (!(timeout > 0 && timeout <= LONGEST_DEADLINE))
    throw new Violation('S9', `${what} has a deadline of ${timeout} ms`);
}

/** S9 of one engine: how long it has been waiting for which answer. */
export class Answers {
  private readonly since = new Map<string, number>();

  check({ name, engine, time }: Machine): void {
    if (engine === undefined || engine.isPaused) return;
    const { inFlight } = engine.state;
    for (const action of this.since.keys()) if (inFlight[action] === undefined) this.since.delete(action);
    for (const [action, { timeout }] of Object.entries(inFlight)) {
      const since = this.since.get(action) ?? time.now;
      this.since.set(action, since);
      if (time.now - since > timeout * SLACK.factor + SLACK.most)
        throw new Violation('S9', `${name} waits for '${action}' since ${time.now - since} ms`);
    }
  }
}

/** S9 of one machine: what was to be stopped, and was not. */
export class Unstopped {
  private readonly failed = new Map<string, Work>();
  private calm = 0;

  /** A stop has ended without success. */
  note(machine: Machine, work: Work): void {
    if (!isStopped(work, machine.kernel)) this.failed.set(subjectOf(machine.name, work), work);
  }

  /** It is to be started again, or a person says that all is forgiven. */
  forgive(subject?: string): void {
    if (subject === undefined) this.failed.clear();
    else this.failed.delete(subject);
  }

  /** Once a second. */
  check(world: World, machine: Machine): void {
    for (const [subject, work] of this.failed)
      if (isStopped(work, machine.kernel)) this.failed.delete(subject);
    if (this.failed.size === 0) {
      this.calm = 0;
      return;
    }
    if (!couldBeFenced(world, machine)) return;
    this.calm += 1;
    if (this.calm > LONGEST_UNSTOPPED)
      throw new Violation(
        'S9',
        `${[...this.failed.keys()].join(', ')} could not be stopped, and has not been fenced`,
        ['agent lied'],
      );
  }
}
