import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Time } from './time.ts';
import { Violation } from './violation.ts';

const BLOCKS = 32;
const PAUSE = { least: 20, most: 120 };

interface Outstanding {
  readonly block: number;
  readonly number: number;
  /** The machine that has it, and its life: a write that died with a machine is sent again. */
  sentTo: Machine | undefined;
  life: number;
}

/** A SAN client that writes all the time, and knows what was acknowledged to it. */
export class Host {
  acknowledged = 0;
  readonly lun: string;
  servedFor = 0;
  private readonly machines: readonly Machine[];
  private readonly time: Time;
  private readonly random: Random;
  private readonly story: Story;
  private readonly newest = new Map<number, number>();
  private written = 0;
  /** When the last write was acknowledged. */
  get lastAcknowledged(): number {
    return this.lastServed;
  }

  private current: Outstanding | undefined;
  private lastServed = -1;
  longestSilence = 0;

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
    const server = this.machines.find((machine) => machine.isPowered && machine.kernel.serves(this.lun));
    if (server === undefined || server.kernel.isFrozen) return;
    this.read(server);
    const current = (this.current ??= this.nextWrite());
    const { sentTo } = current;
    if (sentTo?.isPowered === true && sentTo.life === current.life && sentTo.kernel.serves(this.lun)) return;
    this.send(server, current);
  }

  private nextWrite(): Outstanding {
    this.written += 1;
    return { block: this.random.between(0, BLOCKS - 1), number: this.written, sentTo: undefined, life: 0 };
  }

  private send(server: Machine, write: Outstanding): void {
    if (write.sentTo !== undefined)
      this.story.tell('host', `sends write ${write.number} again, to ${server.name}`);
    write.sentTo = server;
    write.life = server.life;
    const { life, kernel } = server;
    kernel.ioInFlight += 1;
    kernel.mirror.write(
      kernel.replica,
      (image) => {
        if ((image.blocks.get(write.block) ?? 0) < write.number) image.blocks.set(write.block, write.number);
      },
      () => {
        if (server.life !== life) return;
        kernel.ioInFlight -= 1;
        if (this.current !== write || write.sentTo !== server) return;
        // The answer only reaches the host over a session that is still there.
        if (!kernel.serves(this.lun)) {
          write.sentTo = undefined;
          return;
        }
        this.acknowledge(write);
      },
    );
  }

  private acknowledge(write: Outstanding): void {
    this.newest.set(write.block, write.number);
    this.acknowledged += 1;
    this.current = undefined;
    if (this.lastServed >= 0)
      this.longestSilence = Math.max(this.longestSilence, this.time.now - this.lastServed);
    this.lastServed = this.time.now;
  }

  private read(server: Machine): void {
    const block = this.random.between(0, BLOCKS - 1);
    this.check(server, block);
  }

  private check(server: Machine, block: number): void {
    const expected = this.newest.get(block) ?? 0;
    const found = server.kernel.replica.image.blocks.get(block) ?? 0;
    if (found < expected)
      throw new Violation(
        'S6',
        `${server.name} serves block ${block} as of write ${found}; write ${expected} was acknowledged`,
      );
  }

  /** At the end: every acknowledged write is on both disks. */
  checkAll(): void {
    for (const machine of this.machines) for (const block of this.newest.keys()) this.check(machine, block);
  }
}
