import { failed, failure, success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { complaint, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { onlyDevice } from '../lvm-command/lvm.ts';
import { operation } from '../operation.ts';
import { createVolumeGroup } from './create.ts';
import { devicesOf, observe } from './observation.ts';
import { lvmParameters, type LvmParameters } from './parameters.ts';
import type { SpaceKeeper } from './space.ts';

export interface LvmWorld {
  readonly deviceMapper: DeviceMapper;
  readonly spaceKeeper: SpaceKeeper;
}

export function createLvmAgent({ deviceMapper, spaceKeeper }: LvmWorld): Agent {
  async function observed(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    const devices = await deviceMapper.all();
    const observation = observe(parameters, devices);
    if (observation.state !== 'running') return success(observation);
    const space = await spaceKeeper.space(parameters, devices, context);
    if (!space.ok) return space;
    return success({ ...observation, facts: { ...observation.facts, ...space.value } });
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
    const activated = await runSuccessfully(context, 'vgchange', change(parameters, 'y'));
    if (!activated.ok) return activated;
    // Hosts wait: the space is asked for by the next look (executor), not here.
    return success(observe(parameters, await deviceMapper.all()));
  }

  const active = async (parameters: LvmParameters) => devicesOf(parameters, await deviceMapper.all());

  async function stop(parameters: LvmParameters, context: AgentContext): Promise<Result<Observation>> {
    if ((await active(parameters)).length === 0) return success({ state: 'stopped' });
    const deactivated = await context.run('vgchange', change(parameters, 'n'));
    if (!deactivated.ok) return deactivated;
    const left = await active(parameters);
    if (left.length === 0) return success({ state: 'stopped' });
    // LVM cannot deactivate what it cannot read: a stop must succeed without the disk, too.
    const removed = await context.run('dmsetup', [
      'remove',
      '--noudevsync',
      '--retry',
      ...left.map((device) => device.name),
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
    create: operation(lvmParameters, async (parameters, context) => {
      const made = await createVolumeGroup(parameters, context);
      if (!made.ok) return made;
      const started = await start(parameters, context);
      return started.ok ? observed(parameters, context) : started;
    }),
  };
}
