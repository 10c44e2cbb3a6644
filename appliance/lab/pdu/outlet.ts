import { setTimeout as wait } from 'node:timers/promises';
import { demandCommand } from '../command.ts';
import { powerScripts } from '../power/scripts.ts';
import { machineProcess } from '../power/state.ts';
import type { LabSettings } from '../settings.ts';
import type { Machine } from '../topology.ts';

/** Values of APC's sPDUOutletCtl and rPDUOutletControlOutletCommand. */
export const outletValue = { on: 1, off: 2, reboot: 3 } as const;

/** How long an outlet stays off in a reboot, in milliseconds. */
const rebootPause = 2000;

/** One outlet: the cord of one machine. */
export class Outlet {
  readonly machine: Machine;
  readonly #settings: LabSettings;
  #isRebooting = false;

  constructor(settings: LabSettings, machine: Machine) {
    this.#settings = settings;
    this.machine = machine;
  }

  /** What the machine's power really is. */
  value(): number {
    return machineProcess(this.#settings, this.machine.name) === undefined ? outletValue.off : outletValue.on;
  }

  /** Obeys a command; one that changes nothing does nothing. Returns when the power is as told (reboot: when it is off). */
  async command(value: unknown): Promise<void> {
    const scripts = powerScripts(this.#settings, this.machine.name);
    if (value === outletValue.on) await demandCommand(scripts.on, []);
    if (value === outletValue.off) await demandCommand(scripts.cut, []);
    if (value === outletValue.reboot && !this.#isRebooting) {
      this.#isRebooting = true;
      await demandCommand(scripts.cut, []);
      void this.#finishReboot(scripts.on);
    }
  }

  async #finishReboot(on: string): Promise<void> {
    try {
      await wait(rebootPause);
      await demandCommand(on, []);
    } catch (error) {
      console.error(error);
    } finally {
      this.#isRebooting = false;
    }
  }
}
