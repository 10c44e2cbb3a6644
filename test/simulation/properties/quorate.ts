import { deedNames } from '../../../src/model/index.ts';
import type { Effect, TransportInput } from '../../../src/engine/index.ts';
import { Violation } from '../violation.ts';

interface Told {
  readonly kind: string;
  readonly target?: string;
  readonly action?: { readonly id: string; readonly operation?: string };
}

/** An order is on its way for less than that, in milliseconds, on a slow network. */
const ON_ITS_WAY = 1000;

/**
 * S3, of one engine: what Corosync has told it of quorum. From a new ring until that ring's quorum is told nobody knows
 * of any: what is ordered then may turn out to have been ordered without.
 */
export class Quorate {
  private readonly name: string;
  private ring = 0;
  private isQuorate = false;
  /** As it was before what is heard now was heard. */
  private wasQuorate = false;
  private since = 0;

  constructor(name: string) {
    this.name = name;
  }

  hear(event: TransportInput, now: number): void {
    switch (event.kind) {
      case 'down':
        return this.set(false, now);
      case 'ring':
        if (event.ring.sequence !== this.ring) this.set(false, now);
        this.ring = event.ring.sequence;
        return;
      case 'quorum':
        this.ring = event.ring.sequence;
        return this.set(event.quorate, now);
      case 'up':
      case 'view':
      case 'message':
        return;
    }
  }

  private set(isQuorate: boolean, now: number): void {
    if (isQuorate === this.isQuorate) return;
    this.isQuorate = isQuorate;
    this.since = now;
  }

  /** All that was heard together has had its effect. */
  settle(): void {
    this.wasQuorate = this.isQuorate;
  }

  /** No order that starts anything, and none to fence. */
  checkOrder(effect: Effect): void {
    if (this.isQuorate || this.wasQuorate || effect.kind !== 'multicast') return;
    if (!effect.payload.includes('order"')) return;
    const { message } = JSON.parse(effect.payload.slice(effect.payload.indexOf('{'))) as {
      readonly message: Told;
    };
    const { kind, action, target } = message;
    if (kind === 'fence-order')
      throw new Violation('S3', `${this.name} has ${target ?? ''} fenced without quorum`);
    if (kind === 'order' && action !== undefined && isBeginning(action.operation))
      throw new Violation('S3', `${this.name} orders '${action.id}' without quorum`);
  }

  /** Whoever begins what was ordered before may not have known any better; later it does. */
  isLost(now: number): boolean {
    return !this.isQuorate && !this.wasQuorate && now - this.since > ON_ITS_WAY;
  }
}

const isBeginning = (operation: string | undefined): boolean =>
  ['start', 'promote', ...deedNames].some((one) => one === operation);
