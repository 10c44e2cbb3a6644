import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TransportEvent } from '../../src/ports/index.ts';
import type { NodeProcess } from './node-process.ts';
import type { ClusterNode } from './nodes.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');

export type EventOf<Kind extends TransportEvent['kind']> = Extract<TransportEvent, { kind: Kind }>;

export interface Holdings {
  readonly descriptors: number;
  /** Of Corosync's shared memory, by its service. */
  readonly mappings: Readonly<Record<string, number>>;
  readonly resident: number;
}

/** `member.ts` on a node, with what it saw. */
export interface Member {
  /** All events since its start, in order. */
  readonly events: readonly TransportEvent[];
  /** What it logged. */
  readonly logged: readonly string[];
  multicast(payload: string): void;
  /** What its process holds: file descriptors, mappings of shared memory, bytes of memory in use. */
  holdings(): Promise<Holdings>;
  /**
   * The first event of the kind that fits, after those that earlier calls gave; waits for it up to `deadline`
   * milliseconds, 15 s where not given.
   */
  next<Kind extends TransportEvent['kind']>(
    kind: Kind,
    fits?: (event: EventOf<Kind>) => boolean,
    deadline?: number,
  ): Promise<EventOf<Kind>>;
  /** `next` begins with what is not there yet. */
  skip(): void;
  kill(): Promise<void>;
  /** Leaves the group and ends. */
  leave(): Promise<void>;
}

export async function startMember(node: ClusterNode): Promise<Member> {
  const child: NodeProcess = await node.spawn([NODE, '--expose-gc', join(ROOT, 'test/cluster/member.ts')]);
  const events: TransportEvent[] = [];
  const logged: string[] = [];
  let position = 0;
  let changed: () => void = () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as TransportEvent);
    changed();
  });
  let held: (holdings: Holdings) => void = () => undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('holds ')) held(JSON.parse(line.slice('holds '.length)) as Holdings);
    else logged.push(line);
  });

  return {
    events,
    logged,
    multicast(payload) {
      child.stdin.write(`${JSON.stringify(payload)}\n`);
    },
    holdings: () =>
      new Promise((resolve) => {
        held = resolve;
        child.stdin.write('null\n');
      }),
    async next(kind, fits = () => true, deadline = 15_000) {
      const until = performance.now() + deadline;
      for (;;) {
        for (let event = events[position]; event !== undefined; event = events[position]) {
          position += 1;
          if (isOf(event, kind) && fits(event)) return event;
        }
        const left = until - performance.now();
        if (left <= 0) throw new Error(`${node.name}: no such ${kind} event. ${await account()}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    skip() {
      position = events.length;
    },
    async kill() {
      await child.kill('SIGKILL');
      await child.ended;
    },
    async leave() {
      child.stdin.end();
      await child.ended;
    },
  };

  /** What a person needs to understand why an event did not come. */
  async function account(): Promise<string> {
    const seen = events.map((event) => JSON.stringify(event).slice(0, 200));
    return [`It saw:`, ...seen, 'It logged:', ...logged, 'Corosync:', await node.corosyncLog()].join('\n');
  }
}

const isOf = <Kind extends TransportEvent['kind']>(
  event: TransportEvent,
  kind: Kind,
): event is EventOf<Kind> => event.kind === kind;
