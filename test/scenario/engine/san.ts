import type { Variant } from '../../simulation/cluster-file.ts';
import { expect } from 'vitest';
import { failed, failure, type StatusView } from '../../../src/model/index.ts';
import type { Work } from '../../simulation/agent-host.ts';
import type { Kernel } from '../../simulation/kernel.ts';
import type { Machine } from '../../simulation/machine.ts';
import { isWell } from '../../simulation/wellness.ts';
import { DATA_LUN, World } from '../../simulation/world.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** The world of a story: two SAN nodes in simulated time, with the words in which stories are told. */
export class San {
  readonly world: World;
  readonly alpha: Machine;
  readonly beta: Machine;

  constructor(seed = 1, variant: Variant = {}) {
    this.world = new World(seed, false, variant);
    [this.alpha, this.beta] = this.world.machines;
    this.countFencings();
  }

  /** A cluster that serves one LUN, to which a host writes all the time. */
  static serving(seed = 1, variant: Variant = {}): San {
    const san = new San(seed, variant);
    san.switchOn();
    san.eventually('the new pool is served', () => isWell(san.world), 3 * MINUTE);
    san.world.operator.create(san.alpha, DATA_LUN, 40);
    san.eventually('the host writes', () => san.world.host.acknowledged > 0 && isWell(san.world));
    return san;
  }

  switchOn(): void {
    this.alpha.restore();
    this.beta.restore();
  }

  eventually(what: string, isSo: () => boolean, within = MINUTE): void {
    const cameTrue = this.world.runUntil(within, isSo);
    if (!cameTrue) console.log(this.world.story.last(60).join('\n'));
    expect(cameTrue, `within ${within / SECOND} s: ${what}`).toBe(true);
  }

  for(duration: number): void {
    this.world.run(duration);
  }

  status(machine: Machine): StatusView {
    const status = this.world.operator.status(machine);
    if (status === undefined) throw new Error(`the engine of ${machine.name} does not run`);
    return status;
  }

  /** The machine through which the host really reaches its LUN. */
  get server(): Machine | undefined {
    return this.world.machines.find((machine) => machine.kernel.serves(DATA_LUN));
  }

  get other(): Machine {
    return this.server === this.alpha ? this.beta : this.alpha;
  }

  /** How often a board was told to switch the power off. */
  fencings = 0;

  private countFencings(): void {
    for (const board of this.world.boards.values()) {
      const perform = board.perform.bind(board);
      board.perform = (verb, timeout, answered) => {
        if (verb === 'off') this.fencings += 1;
        perform(verb, timeout, answered);
      };
    }
  }

  /** What the other node says of the fencing of this one. */
  fencingOf(machine: Machine, seenBy: Machine): string | undefined {
    return this.status(seenBy).nodes.find(({ name }) => name === machine.name)?.fencing?.state;
  }

  stateOf(machine: Machine, seenBy: Machine): string | undefined {
    return this.status(seenBy).nodes.find(({ name }) => name === machine.name)?.state;
  }

  /** For so long no monitor of this agent can tell anything. */
  failMonitors(machine: Machine, agent: Work['agent'], duration: number): void {
    const { agents } = machine;
    const perform = agents.perform.bind(agents);
    const end = this.world.time.now + duration;
    agents.perform = (work, answered) => {
      const fails = work.agent === agent && work.operation === 'monitor' && this.world.time.now < end;
      perform(work, fails ? () => answered(failed(failure('agent_failed', 'cannot tell'))) : answered);
    };
  }

  /** The kernel of a machine, for whoever changes it behind the engines' backs, or asks for what is not done by itself. */
  byHand({ kernel }: Machine): Kernel {
    for (const { unforeseen } of this.world.machines) unforeseen.isByHand = true;
    return kernel;
  }

  /** What is begun on the machine from now on, with the time. */
  watchWork(machine: Machine): { readonly began: (Work & { readonly at: number })[] } {
    const began: (Work & { readonly at: number })[] = [];
    machine.onBegin = (work) => began.push({ ...work, at: this.world.time.now });
    return { began };
  }

  isWell(): boolean {
    return isWell(this.world);
  }

  /** The host gets on: writes are acknowledged from now on. */
  hostGetsOn(within = MINUTE): void {
    const before = this.world.host.acknowledged;
    this.eventually('the host writes again', () => this.world.host.acknowledged > before + 5, within);
  }

  /** To whom the pool belongs alone, in the configuration on this machine's disk. */
  solo(machine: Machine): string | undefined {
    return machine.store.config.pools['main']?.solo;
  }
}
