import { basename } from 'node:path';
import { failure, type Observation } from '../../src/model/index.ts';
import type { MappedDevice } from '../device-mapper/device-mapper.ts';
import { isOfGroup, mappedName } from '../device-mapper/names.ts';
import { isLvmAtWork } from '../lvm-command/at-work.ts';
import { metaVolume } from '../lvm-command/meta-volume.ts';
import { partsOfThinPool } from '../lvm-command/thin-usage.ts';
import { reservationVolume } from '../reservations/places.ts';
import type { LvmParameters } from './parameters.ts';

export const devicesOf = (
  { volumeGroup }: LvmParameters,
  devices: readonly MappedDevice[],
): readonly MappedDevice[] => devices.filter((device) => isOfGroup(volumeGroup, device));

/** What the devices of the volume group say, without the free space. */
export function observe(parameters: LvmParameters, devices: readonly MappedDevice[]): Observation {
  const { volumeGroup, device } = parameters;
  const mine = devicesOf(parameters, devices);
  if (mine.length === 0) return { state: 'stopped' };
  const own = [metaVolume, reservationVolume].map((name) => mappedName(volumeGroup, name));
  const notOfHosts = [...own, ...partsOfThinPool(volumeGroup)];
  const facts = { volumes: mine.filter(({ name }) => !notOfHosts.includes(name)).length };
  const unhealthy = (message: string): Observation => ({
    state: 'failed',
    facts,
    problem: failure('agent_failed', `volume group ${volumeGroup}: ${message}`),
  });
  const meta = mine.find((candidate) => candidate.name === mappedName(volumeGroup, metaVolume));
  if (meta === undefined) return unhealthy(`only a part of its volumes is active (${mine.length})`);
  if (!meta.below.includes(basename(device))) {
    return unhealthy(`it is active on ${meta.below.join(', ')} instead of ${device}`);
  }
  // Of any other volume it is its LUN's business: one that is being extended is suspended for a moment.
  if (meta.suspended) return unhealthy(`suspended: ${meta.name}`);
  const held = mine.filter(({ name, suspended }) => suspended && partsOfThinPool(volumeGroup).includes(name));
  if (held.length === 0 || isLvmAtWork(volumeGroup)) return { state: 'running', facts };
  const names = held.map(({ name }) => name).join(', ');
  return { state: 'running', facts, drift: failure('configuration_drifted', `suspended: ${names}`) };
}
