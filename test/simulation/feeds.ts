import type { Power } from './board.ts';
import type { Machine } from './machine.ts';

/** A machine with two power supplies runs on either: it is off when both of its feeds are. */
export class Feed implements Power {
  readonly name: string;
  isPowered = true;
  private readonly machine: Machine;

  constructor(name: string, machine: Machine) {
    this.name = name;
    this.machine = machine;
  }

  get life(): number {
    return this.machine.life;
  }

  cut(): void {
    this.isPowered = false;
    if (!this.machine.isFed) this.machine.cut();
  }

  restore(): void {
    if (this.isPowered) return;
    this.isPowered = true;
    this.machine.restore();
  }
}
