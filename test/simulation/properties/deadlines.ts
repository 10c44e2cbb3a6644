import type { Work } from '../agent-host.ts';
import { isStopped, subjectOf } from '../agent-lies.ts';
import type { EngineProcess } from '../engine-process.ts';
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

/**
 * Seconds in which what became of an order may be on its way, in one view whose engines all hear: a message takes
 * milliseconds, on a slow network a second.
 */
const TOLD_WITHIN = 10;

/** S9 of one engine: how long it has been waiting for which answer, and how long for one that was to be there. */
export class Answers {
  private readonly since = new Map<string, number>();
  private readonly ended = new Map<string, number>();

  check(world: World, { name, engine, time }: Machine): void {
    if (engine === undefined || engine.isPaused) return;
    const { inFlight } = engine.state;
    for (const action of this.since.keys()) if (inFlight[action] === undefined) this.since.delete(action);
    for (const action of this.ended.keys()) if (inFlight[action] === undefined) this.ended.delete(action);
    for (const [action, { timeout, node }] of Object.entries(inFlight)) {
      const since = this.since.get(action) ?? time.now;
      this.since.set(action, since);
      if (time.now - since > timeout * SLACK.factor + SLACK.most)
        throw new Violation('S9', `${name} waits for '${action}' since ${time.now - since} ms`);
      const ended =
        isHeardByAll(world, engine) && isAtRest(world, node) ? (this.ended.get(action) ?? 0) + 1 : 0;
      this.ended.set(action, ended);
      if (ended > TOLD_WITHIN)
        throw new Violation('S9', `${name} waits for '${action}', and nothing is under way on ${node}`);
    }
  }
}

/** All engines of its view, which is complete, are in it; none stands still, nor its Corosync, nor is anything on its way. */
const isHeardByAll = ({ machines, corosync }: World, { state: { view } }: EngineProcess): boolean =>
  corosync.linkUp &&
  !corosync.isTapped &&
  machines.every(
    ({ id, engine }) =>
      !view.members.includes(id) ||
      (engine?.isPaused === false &&
        !corosync.isStalled(id) &&
        corosync.backlog(id) === 0 &&
        engine.state.view.complete &&
        engine.state.view.generation === view.generation),
  );

const isAtRest = (world: World, node: string): boolean => world.machine(node).engine?.isAtRest === true;

/** S9 of one machine: what was to be stopped, and was not. */
export class Unstopped {
  private readonly failed = new Map<
    string,
    { readonly work: Work; readonly by: EngineProcess | undefined }
  >();
  private calm = 0;

  /** A stop has ended without success. */
  note(machine: Machine, work: Work): void {
    if (!isStopped(work, machine.kernel))
      this.failed.set(subjectOf(machine.name, work), { work, by: machine.engine });
  }

  /** It is to be started again, or a person says that all is forgiven. */
  forgive(subject?: string): void {
    if (subject === undefined) this.failed.clear();
    else this.failed.delete(subject);
  }

  /** Once a second. */
  check(world: World, machine: Machine): void {
    for (const [subject, { work, by }] of this.failed) {
      // With the engine the knowledge may be gone, where nobody else heard of it: the next one looks again, and stops it
      // again where it is still to be stopped.
      const isForgotten = machine.engine !== by && !isKnown(world, machine.name, resourceOf(work));
      if (isForgotten || isStopped(work, machine.kernel)) this.failed.delete(subject);
    }
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

const resourceOf = ({ work }: Work): string => work.slice(work.indexOf(' ') + 1);

/** An engine that lives knows that something of it has failed there. */
const isKnown = ({ machines }: World, node: string, resource: string): boolean =>
  machines.some(
    ({ engine }) => engine?.state.status.nodes[node]?.instances[resource]?.failures !== undefined,
  );
