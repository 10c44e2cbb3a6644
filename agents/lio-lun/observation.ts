import { failure, type Observation } from '../../src/model/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import { backstore, lunFolder } from '../configfs/places.ts';
import type { DeviceMapper, MappedDevice } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { isLvmAtWork } from '../lvm-command/at-work.ts';
import { readBackstore, type Backstore } from './backstore.ts';
import { readMappings, type Mapping } from './mapping.ts';
import { backstoreName, volumeOf, type LunParameters } from './parameters.ts';

/** What the LUN's number leads to on the target. */
export type Link = 'linked' | 'half-made' | 'foreign' | 'none';

export async function readLink(configfs: Configfs, parameters: LunParameters): Promise<Link> {
  const path = lunFolder(parameters.iqn, parameters.number);
  if ((await configfs.folders(path)) === undefined) return 'none';
  const leadsTo = Object.values(await configfs.links(path));
  if (leadsTo.length === 0) return 'half-made';
  return leadsTo.includes(backstore(backstoreName(parameters))) ? 'linked' : 'foreign';
}

function mappingProblems(parameters: LunParameters, mappings: readonly Mapping[]): readonly string[] {
  const { initiators } = parameters;
  const mapped = mappings.filter(({ state }) => state === 'mapped').map(({ initiator }) => initiator);
  const half = mappings.filter(({ state }) => state === 'half-made').map(({ initiator }) => initiator);
  const missing = initiators.filter((name) => !mapped.includes(name));
  const surplus = [...mapped, ...half].filter((name) => !initiators.includes(name));
  const otherwise = mappings.filter(
    ({ initiator, state, readOnly }) =>
      state === 'mapped' &&
      initiators.includes(initiator) &&
      readOnly !== parameters.readOnly.includes(initiator),
  );
  const writing = otherwise.filter(({ readOnly }) => !readOnly).map(({ initiator }) => initiator);
  const kept = otherwise.filter(({ readOnly }) => readOnly).map(({ initiator }) => initiator);
  return [
    ...(missing.length > 0 ? [`not visible to ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`visible to ${surplus.join(', ')}, who may not see it`] : []),
    ...(writing.length > 0 ? [`writable by ${writing.join(', ')}, who may only read`] : []),
    ...(kept.length > 0 ? [`read-only for ${kept.join(', ')}, who may write`] : []),
  ];
}

function backstoreProblems(
  parameters: LunParameters,
  found: Backstore | undefined,
  device: MappedDevice | undefined,
): readonly string[] {
  if (found === undefined) return ['without a backstore'];
  if (!found.enabled) return ['on a backstore that is not enabled'];
  return [
    ...(device === undefined ? ['exported although its volume is not active'] : []),
    ...(device !== undefined && device.number !== found.device
      ? [`on device ${found.device ?? '?'} instead of ${device.number}`]
      : []),
    ...(found.serial === parameters.serial
      ? []
      : [`known by the serial ${found.serial ?? '?'} instead of ${parameters.serial}`]),
  ];
}

const linkProblems: Readonly<Record<Link, readonly string[]>> = {
  linked: [],
  'half-made': ['not linked to its backstore'],
  none: ['not on the target'],
  foreign: ['hidden by another backstore on its number'],
};

/** For a moment it is so where a snapshot is being made of it, or it is being extended. */
const isLeftSuspended = ({ volumeGroup }: LunParameters, device: MappedDevice | undefined): boolean =>
  device?.suspended === true && !isLvmAtWork(volumeGroup);

export async function observe(
  configfs: Configfs,
  deviceMapper: DeviceMapper,
  parameters: LunParameters,
): Promise<Observation> {
  const [found, link, mappings, device] = await Promise.all([
    readBackstore(configfs, parameters),
    readLink(configfs, parameters),
    readMappings(configfs, parameters),
    deviceMapper.find(mappedName(parameters.volumeGroup, volumeOf(parameters))),
  ]);
  const nothingMapped = mappings.every(({ state }) => state === 'none');
  // Where another backstore has the number, what is mapped by it is the other's.
  const nothingLinked = link === 'foreign' || (link === 'none' && nothingMapped);
  if (found === undefined && nothingLinked) return { state: 'stopped' };
  const facts = {
    device: found?.device ?? '-',
    serial: found?.serial ?? '-',
    mapped: mappings.filter(({ state }) => state === 'mapped').length,
  };
  const problems = [...backstoreProblems(parameters, found, device), ...linkProblems[link]];
  // What a reload puts right, without a session that ends.
  const changed = [
    ...(isLeftSuspended(parameters, device) ? ['on a suspended volume'] : []),
    ...mappingProblems(parameters, mappings),
  ];
  const text = (about: readonly string[]): string => `LUN ${parameters.lun} is ${about.join('; ')}`;
  if (problems.length > 0)
    return { state: 'failed', facts, problem: failure('agent_failed', text([...problems, ...changed])) };
  if (changed.length === 0) return { state: 'running', facts };
  return { state: 'running', facts, drift: failure('configuration_drifted', text(changed)) };
}
