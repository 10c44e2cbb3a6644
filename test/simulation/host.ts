import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Time } from './time.ts';
import { ANY_LIE, Violation } from './violation.ts';

const BLOCKS = 32;
const PAUSE = { least: 40, most: 160 };
/** Writes under way at once, each to another block. */
const DEPTH = 3;

interface Write {
  readonly block: number;
  readonly number: number;
  /** The machine that has it, and its life: a write that died with a machine is sent again. */
  sentTo: Machine | undefined;
  life: number;
  /** Machines that are still at it, in that life of theirs: a session is only taken up again when they have ended it. */
  readonly busy: Map<Machine, number>;
}

const TARGET = { agent: 'lio-target', parameters: {} } as const;

/**
 * A SAN client that reads and writes all the time, and knows what was acknowledged to it. What was not, it sends again
 * to whoever serves, until it is. It never has two writes to one block under way.
 */
export class Host {
  acknowledged = 0;
  /** When the last write was acknowledged. */
  lastAcknowledged = -1;
  longestSilence = 0;
  readonly lun: string;
  private readonly machines: readonly Machine[];
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  private readonly newest = new Map<number, number>();
  private readonly open = new Map<number, Write>();
  private written = 0;

  constructor(lun: string, machines: readonly Machine[], time: Time, random: Random, story: Story) {
    this.lun = lun;
    this.machines = machines;
    this.time = time;
    this.random = random;
    this.story = story;
    this.later();
  }

  private later(): void {
    this.time.after(this.random.between(PAUSE.least, PAUSE.most), () => {
      this.act();
      this.later();
    });
  }

  private act(): void {
    for (const machine of this.machines) this.askFor(machine);
    const server = this.machines.find((machine) => machine.isPowered && machine.kernel.serves(this.lun));
    if (server === undefined || server.kernel.isFrozen) return;
    this.check('S6', server, this.random.between(0, BLOCKS - 1));
    if (this.open.size < DEPTH) this.begin();
    for (const write of this.open.values()) this.sendWhereNeeded(server, write);
  }

  /**
   * A target that answers, and says that it has no such LUN, tells a host that its disk is gone: for good, to most of
   * them. Where the LUN itself is in trouble, here or where it may be running, or the target here, which it stands on, it
   * is so until it can have been started again.
   */
  private askFor({ name, isPowered, kernel, unforeseen }: Machine): void {
    if (this.acknowledged === 0 || !isPowered) return;
    if (kernel.addresses.size === 0 || !kernel.targetEnabled || kernel.luns.has(this.lun)) return;
    const lun = { agent: 'lio-lun', parameters: { lun: this.lun } } as const;
    if (
      this.machines.some((machine) => machine.unforeseen.isTroubled(lun, this.time.now)) ||
      unforeseen.isTroubled(TARGET, this.time.now) ||
      unforeseen.isAnyRecent(this.time.now)
    )
      return;
    throw new Violation('S5', `${name} tells the host that there is no LUN ${this.lun}`, ANY_LIE);
  }

  private begin(): void {
    const block = this.random.between(0, BLOCKS - 1);
    if (this.open.has(block)) return;
    this.written += 1;
    this.open.set(block, { block, number: this.written, sentTo: undefined, life: 0, busy: new Map() });
  }

  private sendWhereNeeded(server: Machine, write: Write): void {
    const { sentTo } = write;
    if (sentTo?.isPowered === true && sentTo.life === write.life && sentTo.kernel.serves(this.lun)) return;
    if (write.busy.get(server) === server.life) return;
    if (sentTo !== undefined) this.story.tell('host', `sends write ${write.number} again, to ${server.name}`);
    this.send(server, write);
  }

  private send(server: Machine, write: Write): void {
    const { life, kernel } = server;
    write.sentTo = server;
    write.life = life;
    write.busy.set(server, life);
    kernel.ioInFlight += 1;
    kernel.mirror.write(
      kernel.replica,
      (image) => image.blocks.set(write.block, write.number),
      () => {
        if (server.life !== life) return;
        kernel.ioInFlight -= 1;
        write.busy.delete(server);
        if (this.open.get(write.block) !== write || write.sentTo !== server) return;
        // The answer only reaches the host over a session that is still there.
        if (kernel.serves(this.lun)) this.acknowledge(write);
        else write.sentTo = undefined;
      },
    );
  }

  private acknowledge(write: Write): void {
    this.newest.set(write.block, write.number);
    this.open.delete(write.block);
    this.acknowledged += 1;
    if (this.lastAcknowledged >= 0)
      this.longestSilence = Math.max(this.longestSilence, this.time.now - this.lastAcknowledged);
    this.lastAcknowledged = this.time.now;
  }

  /** What is read is what was last acknowledged, or what is being written over it; nothing else may ever be there. */
  private check(property: 'S4' | 'S6', machine: Machine, block: number): void {
    const { mirror, replica } = machine.kernel;
    const found = mirror.read(replica, block);
    const expected = this.newest.get(block) ?? 0;
    if (found === expected || found === this.open.get(block)?.number) return;
    throw new Violation(
      property,
      `${machine.name} has block ${block} as of write ${found}; write ${expected} was acknowledged`,
      ANY_LIE,
    );
  }

  /** S4: who is promoted holds all that was ever acknowledged. */
  checkPromoted(machine: Machine): void {
    for (const block of this.newest.keys()) this.check('S4', machine, block);
  }

  /** At the end: every acknowledged write is on both disks. */
  checkAll(): void {
    for (const machine of this.machines)
      for (const block of this.newest.keys()) this.check('S6', machine, block);
  }
}
