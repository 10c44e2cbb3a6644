import type { Envelope, Message } from '../../../src/engine/controller/messages.ts';
import { decode, encode } from '../../../src/engine/controller/wire/envelope.ts';
import { digest } from '../../simulation/digest.ts';
import type { Machine } from '../../simulation/machine.ts';
import type { San } from './san.ts';

interface Sent {
  readonly process: number;
  readonly payload: string;
  readonly view: string;
}

/** Sits between the engines and Corosync: knows what was said, and can change it or say something itself. */
export class WireTap {
  /** What becomes of what this machine's engine says: any number of messages in its place. */
  change: (payload: string, from: number) => readonly string[] = (payload) => [payload];
  readonly said: { readonly from: number; readonly payload: string }[] = [];
  private readonly last = new Map<number, Sent>();
  private readonly send: (from: number, sent: Sent) => void;
  private readonly clusterId: string;

  constructor(san: San) {
    const { corosync } = san.world;
    this.send = corosync.multicast.bind(corosync);
    this.clusterId = san.alpha.store.config.clusterId;
    corosync.isTapped = true;
    corosync.multicast = (from, sent) => {
      this.last.set(from, sent);
      for (const payload of this.change(sent.payload, from)) {
        this.said.push({ from, payload });
        this.send(from, { ...sent, payload });
      }
    };
  }

  /** As if the engine of that machine had said it just now. */
  say(machine: Machine, payload: string): void {
    const last = this.last.get(machine.id);
    if (last === undefined) throw new Error(`the engine of ${machine.name} has said nothing yet`);
    this.send(machine.id, { ...last, payload });
  }

  /** In the place of what the machine's engine says next, in the same envelope but for `how`. */
  forge(machine: Machine, message: Message, how: Partial<Envelope> = {}): void {
    const before = this.change;
    this.change = (payload, from) => {
      if (from !== machine.id) return before(payload, from);
      this.change = before;
      return [encode({ ...this.read(payload), message, ...how }, digest)];
    };
  }

  read(payload: string): Envelope {
    const decoded = decode(payload, this.clusterId, digest);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    return decoded.value;
  }
}
