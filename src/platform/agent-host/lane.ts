import {
  assertNever,
  failed,
  failure,
  milliseconds,
  type AgentName,
  type Milliseconds,
  type Parameters,
  type Result,
} from '../../model/index.ts';
import type { AgentWork, Clock, DiscoveryWork, FenceWork, Log } from '../../ports/index.ts';
import { gathered } from './gathered.ts';
import { startHostProcess, type HostProcess } from './host-process.ts';
import type { FromHost } from './messages.ts';
import { ticksOf } from './thread.ts';

export type LaneWork =
  | { readonly kind: 'perform'; readonly work: AgentWork }
  | { readonly kind: 'fence'; readonly work: FenceWork | DiscoveryWork };

/** An agent host that is always there: work with deadlines, watches, and a new process where the old one died or hangs. */
export interface Lane {
  perform(work: LaneWork): Promise<Result<unknown>>;
  watch(key: string, agent: AgentName, parameters: Parameters, changed: () => void): void;
  unwatch(key: string): void;
  close(): void;
  process(): number | undefined;
}

/** How long the parent waits before it gives a host up. */
export interface LanePatience {
  /** From when the host has heard that an operation is aborted until it must have ended it. */
  readonly abortGrace: Milliseconds;
  readonly pingInterval: Milliseconds;
  /** Without an answer for so long a host that has answered before counts as stuck, unless it is at work. */
  readonly pingTimeout: Milliseconds;
  /**
   * From its start until its first answer, and for one that is at work until its next one. Nothing of the storage holds
   * up a thread that runs, only a machine that is short of everything; and on such a one the next host would boot no
   * faster than this one answers.
   */
  readonly bootTimeout: Milliseconds;
}

export const defaultPatience: LanePatience = {
  abortGrace: milliseconds(5000),
  pingInterval: milliseconds(2000),
  pingTimeout: milliseconds(15_000),
  bootTimeout: milliseconds(90_000),
};

export interface LaneOptions {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly log: Log;
  readonly clock: Clock;
  readonly patience: LanePatience;
}

interface Timer {
  cancel(): void;
}

interface Pending {
  readonly work: LaneWork;
  readonly settle: (result: Result<unknown>) => void;
  readonly deadline: Timer;
  /** Until a fence agent is told that it has to end. */
  readonly lastWord: Timer | undefined;
  /** To how many hosts it was given that it may have been the end of: one, and a second one where the first died. */
  hosts: number;
}

interface Watch {
  readonly key: string;
  readonly agent: AgentName;
  readonly parameters: Parameters;
  readonly changed: () => void;
}

/** Work that the host was told to end. */
interface Aborting {
  readonly work: LaneWork;
  /** The ping that was sent after the word of it: whoever answers that one has heard it. */
  readonly ping: number;
  /** Runs once the host has heard it. */
  grace: Timer | undefined;
}

/** A round of everything that runs here, with room. */
const MOST_PENDING = 4096;
const MOST_HOSTS = 2;
/** Milliseconds. */
const FIRST_BACK_OFF = 50;
const LONGEST_BACK_OFF = 2000;
/** A host that lived so long did not die of being started: the next one is started at once. */
const HEALTHY_AFTER = milliseconds(5000);
/** After a stall of this process itself, what the host said is read only after the timers have fired. */
const SECOND_LOOK = milliseconds(100);
/** So many ticks of the processor, 50 ms, a thread has not had that waits for the kernel. */
const AT_WORK = 5;

/**
 * How long before its deadline a fence agent is told to end: what it says then (nobody answers; the device still says on)
 * is worth more to people than that it was late.
 */
const lastWordBefore = (timeout: Milliseconds): number => Math.min(500, timeout / 10);

const describe = ({ kind, work }: LaneWork): string =>
  kind === 'perform' ? `${work.agent} ${work.operation}` : `${work.agent} ${work.verb}`;

export function createLane(options: LaneOptions): Lane {
  const { clock, log, patience, name } = options;
  const component = `agent-host/${name}`;
  const pending = new Map<number, Pending>();
  /** Aborted work that the present host has not ended yet. */
  const aborting = new Map<number, Aborting>();
  const watches = new Map<number, Watch>();
  let nextId = 1;
  let host: HostProcess | undefined;
  /** Of the present host: how often it was asked for life, and how often it has answered. */
  let asked = 0;
  let answered = 0;
  let lives = 0;
  let quickDeaths = 0;
  let restart: Timer | undefined;
  let healthy: Timer | undefined;
  let ping: Timer | undefined;
  let closed = false;

  const start = (): void => {
    lives += 1;
    const life = lives;
    const present = startHostProcess({
      program: options.program,
      args: options.args,
      received: (message) => {
        if (life === lives) received(message);
      },
      ended: (reason) => {
        if (life === lives) ended(`ended: ${reason}`);
      },
    });
    host = present;
    asked = 0;
    answered = 0;
    healthy = clock.after(HEALTHY_AFTER, () => {
      quickDeaths = 0;
    });
    askForLife(present);
    for (const [id, watch] of watches) {
      present.send({ kind: 'watch', id, agent: watch.agent, parameters: watch.parameters });
    }
    for (const [id, work] of pending) give(present, id, work);
    // Something may have changed while nobody watched.
    if (life > 1) for (const watch of [...watches.values()]) watch.changed();
  };

  const give = (present: HostProcess, id: number, work: Pending): void => {
    work.hosts += 1;
    if (work.work.kind === 'perform') orders({ present, id, work: work.work.work });
    else present.send({ ...work.work, id });
  };

  /** Of all that came in the same turn, what is for the host that is there; another one was given the rest anew. */
  const orders = gathered<{ readonly present: HostProcess; readonly id: number; readonly work: AgentWork }>(
    (all) => {
      const works = all.filter(({ present }) => present === host).map(({ id, work }) => ({ id, work }));
      if (works.length > 0) host?.send({ kind: 'perform', works });
    },
  );

  const askForLife = (present: HostProcess): void => {
    const before = ticksOfHost();
    const giveUp = (): void => abandon('does not answer');
    ask(present);
    ping?.cancel();
    if (answered === 0) {
      ping = clock.after(patience.bootTimeout, () => {
        ping = clock.after(SECOND_LOOK, giveUp);
      });
      return;
    }
    ping = clock.after(patience.pingTimeout, () => {
      ping = clock.after(SECOND_LOOK, () => {
        if (ticksOfHost() - before < AT_WORK) giveUp();
        else ping = clock.after(milliseconds(patience.bootTimeout - patience.pingTimeout), giveUp);
      });
    });
  };

  const ask = (present: HostProcess): void => {
    asked += 1;
    present.send({ kind: 'ping' });
  };

  const ticksOfHost = (): number => (host?.pid === undefined ? undefined : ticksOf(host.pid)) ?? 0;

  const abandon = (reason: string): void => {
    // Where it is known whose fault that is, the others are not counted as having lost a host by their own.
    if (aborting.size > 0) for (const other of pending.values()) other.hosts -= 1;
    host?.abandon();
    ended(`was given up: it ${reason}`);
  };

  const ended = (reason: string): void => {
    lives += 1;
    host = undefined;
    ping?.cancel();
    healthy?.cancel();
    for (const { grace } of aborting.values()) grace?.cancel();
    aborting.clear();
    if (closed) return;
    log.error(component, `the agent host ${reason}; starting a new one`);
    for (const [id, work] of [...pending]) {
      if (work.hosts < MOST_HOSTS) continue;
      settle(id, failed(failure('agent_host_died', `${describe(work.work)}: the agent host ${reason}`)));
    }
    const delay = quickDeaths === 0 ? 0 : Math.min(FIRST_BACK_OFF * 2 ** (quickDeaths - 1), LONGEST_BACK_OFF);
    quickDeaths += 1;
    restart = clock.after(milliseconds(delay), start);
  };

  const settle = (id: number, result: Result<unknown>): void => {
    const work = pending.get(id);
    if (work === undefined) return;
    pending.delete(id);
    work.deadline.cancel();
    work.lastWord?.cancel();
    work.settle(result);
  };

  const expire = (id: number, work: LaneWork): void => {
    const seconds = work.work.timeout / 1000;
    settle(id, failed(failure('agent_timeout', `${describe(work)} did not end within ${seconds} s`)));
    if (host === undefined) return;
    host.send({ kind: 'abort', id });
    ask(host);
    aborting.set(id, { work, ping: asked, grace: undefined });
  };

  /** One that still boots, or is starved, has not even read what it is to end: its grace begins when it has. */
  const heard = (): void => {
    answered += 1;
    for (const each of aborting.values()) {
      if (each.ping === answered)
        each.grace = clock.after(patience.abortGrace, () => abandon(`does not end ${describe(each.work)}`));
    }
  };

  const received = (message: FromHost): void => {
    switch (message.kind) {
      case 'finished':
        for (const { id, result } of message.results) {
          aborting.get(id)?.grace?.cancel();
          aborting.delete(id);
          settle(id, result);
        }
        return;
      case 'changed':
        watches.get(message.id)?.changed();
        return;
      case 'pong':
        heard();
        ping?.cancel();
        ping = clock.after(patience.pingInterval, () => {
          if (host !== undefined) askForLife(host);
        });
        return;
      case 'log':
        log[message.level](message.component, message.message);
        return;
      case 'groupStarted':
      case 'groupEnded':
        return;
      default:
        assertNever(message);
    }
  };

  start();

  return {
    perform(work) {
      if (closed) return Promise.resolve(failed(failure('agent_host_died', 'the agent host was closed')));
      if (pending.size >= MOST_PENDING) {
        return Promise.resolve(failed(failure('busy', `${MOST_PENDING} operations are under way`)));
      }
      const id = nextId++;
      return new Promise((settled) => {
        const { timeout } = work.work;
        const deadline = clock.after(timeout, () => expire(id, work));
        const lastWord =
          work.kind === 'fence'
            ? clock.after(milliseconds(timeout - lastWordBefore(timeout)), () =>
                host?.send({ kind: 'abort', id }),
              )
            : undefined;
        const entry: Pending = { work, settle: settled, deadline, lastWord, hosts: 0 };
        pending.set(id, entry);
        if (host !== undefined) give(host, id, entry);
      });
    },
    watch(key, agent, parameters, changed) {
      this.unwatch(key);
      const id = nextId++;
      watches.set(id, { key, agent, parameters, changed });
      host?.send({ kind: 'watch', id, agent, parameters });
    },
    unwatch(key) {
      for (const [id, watch] of watches) {
        if (watch.key !== key) continue;
        watches.delete(id);
        host?.send({ kind: 'unwatch', id });
      }
    },
    close() {
      closed = true;
      restart?.cancel();
      watches.clear();
      host?.abandon();
      ended('closed');
      for (const id of [...pending.keys()]) {
        settle(id, failed(failure('agent_host_died', 'the agent host was closed')));
      }
    },
    process: () => host?.pid,
  };
}
