import { failed, failure, success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { commandFailed, complaint } from '../command.ts';
import type { DeviceMapper, MappedDevice } from '../device-mapper/device-mapper.ts';
import { isLvmAtWork } from '../lvm-command/at-work.ts';
import { onlyDevice } from '../lvm-command/lvm.ts';
import { partsOfThinPool, readThinUsage, resumeThinPool } from '../lvm-command/thin-usage.ts';
import { operation, parseParameters } from '../operation.ts';
import { keepCopies } from '../reservations/keeper.ts';
import { closeReservations, openReservations, reservationDrift } from '../reservations/mount.ts';
import type { ReservationPlaces } from '../reservations/places.ts';
import { createVolumeGroup } from './create.ts';
import { devicesOf, observe } from './observation.ts';
import { lvmParameters, type LvmParameters } from './parameters.ts';
import type { SpaceKeeper } from './space.ts';
import { extendThinPool, lacksThinOnly, thinDrift, thinFacts } from './thin.ts';

/** What lies on a thin pool before the pool, and the pool before what it consists of. */
function fromAbove({ volumeGroup }: LvmParameters, devices: readonly MappedDevice[]): readonly string[] {
  const parts = partsOfThinPool(volumeGroup);
  // What is no part of it (-1) lies on it, or beside it.
  const depth = ({ name }: MappedDevice): number => parts.toReversed().indexOf(name);
  return devices.toSorted((a, b) => depth(a) - depth(b)).map(({ name }) => name);
}

export interface LvmWorld {
  readonly deviceMapper: DeviceMapper;
  readonly spaceKeeper: SpaceKeeper;
  readonly reservations: ReservationPlaces;
}

export function createLvmAgent(world: LvmWorld): Agent {
  const { deviceMapper, spaceKeeper, reservations } = world;

  async function observed(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    const devices = await deviceMapper.all();
    const observation = observe(parameters, devices);
    if (observation.state !== 'running') return success(observation);
    const space = await spaceKeeper.space(parameters, devices, context);
    if (!space.ok) return space;
    const facts = { ...observation.facts, ...space.value };
    const thin = await readThinUsage(parameters.volumeGroup, devices, context);
    // That the group runs, it says by itself: what one command does not tell is no failure of it.
    if (!thin.ok) context.log(`the thin pool of ${parameters.volumeGroup}: ${thin.failure.message}`);
    const usage = thin.ok ? thin.value : undefined;
    const drift =
      observation.drift ??
      (usage && thinDrift(parameters, usage, space.value.freeBytes)) ??
      (await reservationDrift(reservations, parameters.volumeGroup));
    return success({
      ...observation,
      facts: { ...facts, ...(usage && thinFacts(usage)) },
      ...(drift && { drift }),
    });
  }

  /** How much of the thin pool is used now, and what the group has left. */
  async function thinNow(parameters: LvmParameters, context: AgentContext) {
    const devices = await deviceMapper.all();
    const space = await spaceKeeper.space(parameters, devices, context);
    if (!space.ok) return space;
    const usage = await readThinUsage(parameters.volumeGroup, devices, context);
    return usage.ok ? success({ usage: usage.value, free: space.value.freeBytes }) : usage;
  }

  async function reload(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    const resumed = await resumeThinPool(deviceMapper, parameters.volumeGroup, context, () =>
      isLvmAtWork(parameters.volumeGroup),
    );
    if (!resumed.ok) return resumed;
    const extended = await extendThinPool(parameters, () => thinNow(parameters, context), context);
    if (!extended.ok) return extended;
    await openReservations(world, parameters, context, { make: true });
    return observed(parameters, context);
  }

  /**
   * Activation waits for udev device by device, which is nearly all of its time. Nothing here needs udev's links: the
   * kernel makes /dev/dm-N at once.
   */
  const change = (parameters: LvmParameters, activate: 'y' | 'n'): readonly string[] => [
    ...onlyDevice(parameters.device),
    '--noudevsync',
    '--activate',
    activate,
    parameters.volumeGroup,
  ];

  async function start(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    const args = change(parameters, 'y');
    const activated = await context.run('vgchange', args);
    if (!activated.ok) return activated;
    // Hosts wait: the space is asked for by the next look (executor), not here.
    let seen = observe(parameters, await deviceMapper.all());
    if (seen.drift !== undefined) {
      const resumed = await resumeThinPool(deviceMapper, parameters.volumeGroup, context);
      if (!resumed.ok) return resumed;
      seen = observe(parameters, await deviceMapper.all());
    }
    if (activated.value.exitCode !== 0) {
      if (seen.state !== 'running' || !(await lacksThinOnly(parameters, context)))
        return commandFailed('vgchange', args, activated.value);
      // The others are served; each thin LUN that cannot be fails by itself.
      context.log(`what is thin is not active: ${complaint(activated.value)}`);
    }
    if (seen.state === 'running') await openReservations(world, parameters, context, { make: false });
    return success(seen);
  }

  const active = async (parameters: LvmParameters) => devicesOf(parameters, await deviceMapper.all());

  async function stop(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    if ((await active(parameters)).length === 0) return success({ state: 'stopped' });
    const closed = await closeReservations(world, parameters.volumeGroup, context);
    if (!closed.ok) return closed;
    const deactivated = await context.run('vgchange', change(parameters, 'n'));
    if (!deactivated.ok) return deactivated;
    const left = await active(parameters);
    if (left.length === 0) return success({ state: 'stopped' });
    // LVM cannot deactivate what it cannot read: a stop must succeed without the disk, too.
    const removed = await context.run('dmsetup', [
      'remove',
      '--noudevsync',
      '--retry',
      ...fromAbove(parameters, left),
    ]);
    if (!removed.ok) return removed;
    const held = await active(parameters);
    if (held.length === 0) return success({ state: 'stopped' });
    const names = held
      .slice(0, 8)
      .map((device) => device.name)
      .join(', ');
    const why = [complaint(deactivated.value), complaint(removed.value)].join(' ');
    return failed(failure('agent_failed', `still in use: ${names}: ${why}`));
  }

  return {
    name: 'lvm',
    monitor: operation(lvmParameters, observed),
    start: operation(lvmParameters, start),
    stop: operation(lvmParameters, stop),
    reload: operation(lvmParameters, reload),
    /** What it waits for is no news of the group: the copies of reservations are kept in it. */
    async watch(parameters, context) {
      const parsed = parseParameters(lvmParameters, parameters);
      if (parsed.ok) await keepCopies(reservations, parsed.value, context);
    },
    create: operation(lvmParameters, async (parameters, context) => {
      const made = await createVolumeGroup(parameters, context);
      if (!made.ok) return made;
      const started = await start(parameters, context);
      if (!started.ok) return started;
      await openReservations(world, parameters, context, { make: true });
      return observed(parameters, context);
    }),
  };
}
