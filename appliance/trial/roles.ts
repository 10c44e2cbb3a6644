import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Lab } from '../lab/lab.ts';
import { machineProcess } from '../lab/power/state.ts';
import { sshCommand } from '../lab/ssh.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';

/** How often the machines' power is looked at, in milliseconds: the error of an interval's end. */
const POWER_WATCH = 50;

interface Interval {
  readonly node: StorageNodeName;
  readonly from: number;
  to: number | undefined;
}

/**
 * Watches DRBD's role on both nodes by the kernels' own events, apart from anything Keelson says, by this machine's
 * clock. An interval ends when the kernel says so, when its power is cut, or when the stream from the node ends.
 */
export class RoleWatch {
  readonly #lab: Lab;
  readonly #streams = new Map<StorageNodeName, ChildProcess>();
  readonly #intervals: Interval[] = [];
  readonly #wanted = new Set<StorageNodeName>();
  readonly #processes = new Map<StorageNodeName, number | undefined>();
  #powerWatch: NodeJS.Timeout | undefined;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  start(): void {
    for (const node of storageNodeNames) {
      this.#wanted.add(node);
      this.#processes.set(node, machineProcess(this.#lab.settings, node));
      this.#follow(node);
    }
    this.#powerWatch = setInterval(() => this.#watchPower(), POWER_WATCH);
  }

  /** Another process (or none) behind a machine: its power was off in between, whoever switched it. */
  #watchPower(): void {
    for (const node of this.#wanted) {
      const present = machineProcess(this.#lab.settings, node);
      if (present === this.#processes.get(node)) continue;
      this.#processes.set(node, present);
      this.#close(node);
      this.#streams.get(node)?.kill('SIGKILL');
    }
  }

  #follow(node: StorageNodeName): void {
    const [program = '', ...args] = sshCommand(
      this.#lab.settings,
      node,
      ['-T', '-o', 'ControlPath=none'],
      ['exec drbdsetup events2 --timestamps resource'],
    );
    const stream = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#streams.set(node, stream);
    createInterface({ input: stream.stdout }).on('line', (line) => this.#hear(node, line));
    stream.on('close', () => {
      if (!this.#wanted.has(node) || this.#streams.get(node) !== stream) return;
      setTimeout(() => this.#wanted.has(node) && this.#follow(node), 1000);
    });
  }

  #hear(node: StorageNodeName, line: string): void {
    const role = /\bresource name:\S+.*\brole:(\w+)/.exec(line)?.[1];
    const open = this.#intervals.some((interval) => interval.node === node && interval.to === undefined);
    if (role === 'Primary' && !open) this.#intervals.push({ node, from: Date.now(), to: undefined });
    if ((role !== undefined && role !== 'Primary') || / destroy resource /.test(line)) this.#close(node);
  }

  #close(node: StorageNodeName): void {
    for (const interval of this.#intervals) if (interval.node === node) interval.to ??= Date.now();
  }

  /** Times at which both kernels said Primary, in milliseconds; more than 0 is a broken promise. */
  stop(): { readonly both: number; readonly intervals: readonly Readonly<Interval>[] } {
    this.#wanted.clear();
    clearInterval(this.#powerWatch);
    for (const stream of this.#streams.values()) stream.kill('SIGKILL');
    const [a, b] = storageNodeNames.map((node) =>
      this.#intervals.filter((interval) => interval.node === node),
    );
    const now = Date.now();
    const both = (a ?? []).flatMap((x) =>
      (b ?? []).map((y) => Math.min(x.to ?? now, y.to ?? now) - Math.max(x.from, y.from)),
    );
    return { both: Math.max(0, ...both), intervals: this.#intervals };
  }
}
