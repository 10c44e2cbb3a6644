import * as z from 'zod';
import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import { volumeName } from '../words.ts';
import { onlyDevice, readVolumes, type Place, type Volume } from './lvm.ts';
import { foreign, noRoom, removeTag, removeVolume, unfinishedTag } from './volumes.ts';

/** A volume, and the tag that tells it from any other of that name. */
export const taggedVolume = z.object({
  name: volumeName,
  tag: z.string().regex(/^keelson_(lun|snap)_[0-9a-f]{32}$/),
});

export type TaggedVolume = z.infer<typeof taggedVolume>;

export interface ThinCopy extends TaggedVolume {
  readonly origin: TaggedVolume;
  /** Bytes that it is to have at least: it is extended to that, and shows nothing beyond what it is a copy of. */
  readonly size: number;
  /** `false`: it is put away, and no activation of the group activates it. */
  readonly active: boolean;
}

/**
 * A thin volume with what another one holds at one instant: LVM suspends the other one (I/O that is under way ends first,
 * new I/O waits), has the kernel share its blocks, and resumes it. Neither needs the other afterwards
 * (lvmthin(7); Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Internal snapshots").
 */
export async function ensureThinCopy(
  place: Place,
  wanted: ThinCopy,
  context: AgentContext,
): Promise<Result<undefined>> {
  const both = `lv_name=${wanted.name} || lv_name=${wanted.origin.name}`;
  const volumes = await readVolumes(place, context, ['--select', both]);
  if (!volumes.ok) return volumes;
  const named = (name: string) => volumes.value.find((volume) => volume.name === name);
  const found = named(wanted.name);
  if (found !== undefined && !found.tags.includes(wanted.tag))
    return foreign(place, wanted.name, `has not the tag ${wanted.tag}`);
  if (found !== undefined && !found.tags.includes(unfinishedTag))
    return activated(place, wanted, found, context);
  const origin = checkOrigin(place, wanted.origin, named(wanted.origin.name));
  if (!origin.ok) return origin;
  if (found !== undefined) {
    const removed = await removeVolume(place, wanted.name, context);
    if (!removed.ok) return removed;
  }
  return makeCopy(place, wanted, origin.value, context);
}

function checkOrigin(place: Place, { name, tag }: TaggedVolume, found: Volume | undefined): Result<Volume> {
  if (found === undefined)
    return failed(failure('agent_failed', `volume ${place.volumeGroup}/${name} is not there`));
  if (!found.tags.includes(tag)) return foreign(place, name, `has not the tag ${tag}`);
  if (found.kind !== 'thin') return foreign(place, name, `is ${found.kind}, not thin`);
  return success(found);
}

async function makeCopy(
  place: Place,
  { name, tag, origin, size, active }: ThinCopy,
  { size: before }: Volume,
  context: AgentContext,
): Promise<Result<undefined>> {
  const full = `${place.volumeGroup}/${name}`;
  const args = [
    ...onlyDevice(place.device),
    '--yes',
    '--snapshot',
    '--setactivationskip',
    active ? 'n' : 'y',
    '--name',
    name,
    '--addtag',
    tag,
    '--addtag',
    unfinishedTag,
    `${place.volumeGroup}/${origin.name}`,
  ];
  const ran = await context.run('lvcreate', args);
  if (!ran.ok) return ran;
  if (ran.value.exitCode !== 0)
    return noRoom(place, size, ran.value) ?? commandFailed('lvcreate', args, ran.value);
  if (before < size) {
    const more = [...onlyDevice(place.device), '--size', `${size}b`, full];
    const extended = await runSuccessfully(context, 'lvextend', more);
    if (!extended.ok) return extended;
  }
  return removeTag(place, name, unfinishedTag, context);
}

async function activated(
  place: Place,
  { name, active }: ThinCopy,
  found: Volume,
  context: AgentContext,
): Promise<Result<undefined>> {
  if (!active || found.active) return success(undefined);
  const args = [...onlyDevice(place.device), '--activate', 'y', `${place.volumeGroup}/${name}`];
  const done = await runSuccessfully(context, 'lvchange', args);
  return done.ok ? success(undefined) : done;
}

/** A volume that a LUN has left is put away: it is active nowhere, and no activation of the group activates it. */
export async function putAway(
  place: Place,
  { name, tag }: TaggedVolume,
  context: AgentContext,
): Promise<Result<undefined>> {
  const volumes = await readVolumes(place, context, ['--select', `lv_name=${name}`]);
  if (!volumes.ok) return volumes;
  const found = volumes.value.find((volume) => volume.name === name);
  if (found === undefined)
    return failed(failure('agent_failed', `volume ${place.volumeGroup}/${name} is not there`));
  if (!found.tags.includes(tag)) return foreign(place, name, `has not the tag ${tag}`);
  // First what counts for the next activation, wherever that is.
  for (const change of [['--setactivationskip', 'y'], ...(found.active ? [['--activate', 'n']] : [])]) {
    const args = [...onlyDevice(place.device), ...change, `${place.volumeGroup}/${name}`];
    const done = await runSuccessfully(context, 'lvchange', args);
    if (!done.ok) return done;
  }
  return success(undefined);
}
