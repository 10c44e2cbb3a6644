import type { Change } from '../image.ts';
import { Violation } from '../violation.ts';
import { newGeneration } from './generations.ts';
import type { Pair } from './pair.ts';
import type { Attached, PendingWrite, Replica } from './replica.ts';

/** Protocol C: a write is done when it is on both disks, or on the only one that counts. */
export class Writes {
  private readonly pair: Pair;

  constructor(pair: Pair) {
    this.pair = pair;
  }

  write(replica: Replica, change: Change, done: () => void): void {
    const { kernel } = replica;
    if (kernel?.role !== 'Primary') throw new Violation('model', 'a write to what is not Primary');
    const write = { change, done };
    kernel.writes.push(write);
    if (!kernel.suspended) this.carryOut(replica, write);
  }

  /** What was frozen or lost on the way is carried out again. */
  repeat(replica: Replica): void {
    for (const write of [...(replica.kernel?.writes ?? [])]) this.carryOut(replica, write);
  }

  private carryOut(replica: Replica, write: PendingWrite): void {
    const { kernel } = replica;
    if (kernel === undefined) return;
    const { pair } = this;
    const { time, random } = pair;
    if (kernel.newGenerationDue) {
      kernel.newGenerationDue = false;
      newGeneration(replica, random);
    }
    const isPending = (): boolean => replica.kernel === kernel && kernel.writes.includes(write);
    time.after(random.fraction() * 2, () => {
      if (!isPending()) return;
      write.change(replica.image);
      time.after(random.fraction() * 3, () => {
        if (!isPending() || kernel.suspended) return;
        if (!replica.isConnected) return this.finish(kernel, write);
        const peer = pair.peer(replica);
        // Nothing comes back; the loss of the link is noticed in time.
        if (!pair.arrives(replica) || !peer.isConnected) return;
        write.change(peer.image);
        time.after(random.fraction(), () => {
          if (isPending() && pair.canTalk() && peer.isConnected && !kernel.suspended)
            this.finish(kernel, write);
        });
      });
    });
  }

  private finish(kernel: Attached, write: PendingWrite): void {
    const index = kernel.writes.indexOf(write);
    if (index < 0) return;
    kernel.writes.splice(index, 1);
    write.done();
  }
}
