import type { Machine } from './machine.ts';
import type { World } from './world.ts';

/** What one machine is and does, by its hardware's truth, in a few words each. */
export interface MachineSnapshot {
  readonly name: string;
  readonly isPowered: boolean;
  /** `off`, `booting`, `engine dead`, `alone`, `follows`, `controls`, ... */
  readonly engine: string;
  /** `ring 1 2, quorate`. */
  readonly corosync: string;
  /** `Primary UpToDate/UpToDate Connected, frozen`. */
  readonly drbd: string;
  /** LUNs that a host reaches through this machine. */
  readonly serves: readonly string[];
  readonly revision: number;
}

/** The world's state in a few words per machine, for whoever watches a story. */
export interface Snapshot {
  /** Milliseconds since the story began. */
  readonly age: number;
  readonly machines: readonly MachineSnapshot[];
  /** What is broken between and around the machines. */
  readonly networks: readonly string[];
  readonly writes: number;
}

export function snapshot(world: World): Snapshot {
  return {
    age: world.age,
    machines: world.machines.map((machine) => ({
      name: machine.name,
      isPowered: machine.isPowered,
      engine: engineOf(machine),
      corosync: world.corosync.describe(machine.id),
      drbd: drbdOf(machine),
      serves: [...machine.kernel.luns.keys()].filter((lun) => machine.kernel.serves(lun)),
      revision: machine.store.config.revision,
    })),
    networks: [
      ...(world.corosync.linkUp ? [] : ['cluster network cut']),
      ...(world.mirror.linkUp ? [] : ['replication network cut']),
      ...(world.corosync.witness?.troubles ?? []),
      ...world.machines.flatMap((machine) => boardOf(world, machine)),
    ],
    writes: world.host.acknowledged,
  };
}

function engineOf({ isPowered, boot, engine, name }: Machine): string {
  if (!isPowered) return 'off';
  if (engine === undefined) return boot === '' ? 'booting' : 'no engine';
  if (engine.isPaused) return 'stands still';
  const { view, fencing, plan } = engine.state;
  const role = !view.complete ? 'learns' : view.controller === name ? 'controls' : 'follows';
  const targets = Object.keys(fencing);
  const fences = targets.length === 0 ? '' : `, fences ${targets.join(', ')}`;
  return `${role}${plan === undefined || plan.aborted !== undefined ? '' : ', works'}${fences}`;
}

function drbdOf({ kernel }: Machine): string {
  const drbd = kernel.replica.kernel;
  if (drbd === undefined) return 'down';
  const words = `${drbd.role} ${drbd.disk}/${drbd.peerDisk} ${drbd.connection}`;
  return drbd.suspended ? `${words}, frozen` : words;
}

function boardOf(world: World, machine: Machine): readonly string[] {
  const { reachable, slow } = world.board(machine);
  if (!reachable) return [`board of ${machine.name} unreachable`];
  return slow ? [`board of ${machine.name} slow`] : [];
}
