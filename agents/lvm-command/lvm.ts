import * as z from 'zod';
import { bytes, failed, failure, success, type Bytes, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';

/**
 * Lets LVM see one device and nothing else, so that no command touches a disk that hangs, and none depends on the
 * configuration of the machine. Backups of metadata in /etc would be of another node's state after a failover. LVM's check
 * of a thin pool (thin_check) is left out: it reads the whole metadata while hosts wait, by a link in /dev that udev may
 * not have made yet. The kernel verifies each block that it reads, and takes no writes where its flag says `needs_check`.
 */
export const onlyDevice = (device: string): readonly string[] => [
  '--config',
  [
    `devices{global_filter=["a|^${device}$|","r|.*|"]`,
    'hints="none" use_devicesfile=0 obtain_device_list_from_udev=0 scan_lvs=0}',
    'backup{backup=0 archive=0}',
    'activation{monitoring=0}',
    'global{thin_check_executable=""}',
  ].join(' '),
];

/** A tag on everything that Keelson makes; LVM has no better place for a mark. */
export const ownTag = 'keelson';

const tags = z.string().transform((list) => list.split(',').filter((tag) => tag !== ''));
const byteCount = z.coerce
  .number()
  .int()
  .nonnegative()
  .transform((value): Bytes => bytes(value));

const groupRow = z.object({ vg_name: z.string(), vg_tags: tags, vg_size: byteCount, vg_free: byteCount });
const volumeRow = z.object({
  lv_name: z.string(),
  lv_tags: tags,
  lv_size: byteCount,
  lv_active: z.string(),
  lv_skip_activation: z.string().default(''),
  segtype: z.string(),
});

export interface VolumeGroup {
  readonly name: string;
  readonly tags: readonly string[];
  readonly size: Bytes;
  readonly free: Bytes;
}

export interface Volume {
  readonly name: string;
  readonly tags: readonly string[];
  readonly size: Bytes;
  readonly active: boolean;
  /** It is flagged so that an activation of the group leaves it alone: a snapshot. */
  readonly isPutAway: boolean;
  /** LVM's word for what it is made of: `linear`, `thin`, `thin-pool`. */
  readonly kind: string;
}

const reportOptions = ['--reportformat', 'json', '--units', 'b', '--nosuffix'];

function parseReport<T>(kind: 'vg' | 'lv', row: z.ZodType<T>, text: string): Result<readonly T[]> {
  const report = z.object({ report: z.array(z.record(z.literal(kind), z.array(row))) });
  try {
    const parsed = report.parse(JSON.parse(text));
    return success(parsed.report.flatMap((part) => part[kind]));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return failed(
      failure('command_failed', `the report of ${kind}s is not understood: ${what.slice(0, 300)}`),
    );
  }
}

/** The rows of `vgs --reportformat json`. */
export function parseGroups(text: string): Result<readonly VolumeGroup[]> {
  const rows = parseReport('vg', groupRow, text);
  if (!rows.ok) return rows;
  return success(
    rows.value.map((row) => ({ name: row.vg_name, tags: row.vg_tags, size: row.vg_size, free: row.vg_free })),
  );
}

/** The rows of `lvs --reportformat json`. */
export function parseVolumes(text: string): Result<readonly Volume[]> {
  const rows = parseReport('lv', volumeRow, text);
  if (!rows.ok) return rows;
  return success(
    rows.value.map((row) => ({
      name: row.lv_name,
      tags: row.lv_tags,
      size: row.lv_size,
      active: row.lv_active === 'active',
      isPutAway: row.lv_skip_activation === 'skip activation',
      kind: row.segtype,
    })),
  );
}

/** The volume groups on a device: one or none. Takes no lock, so it waits for no other command. */
export async function readGroups(
  device: string,
  context: AgentContext,
): Promise<Result<readonly VolumeGroup[]>> {
  const fields = 'vg_name,vg_tags,vg_size,vg_free';
  const args = [...onlyDevice(device), '--readonly', ...reportOptions, '--options', fields];
  const ran = await runSuccessfully(context, 'vgs', args);
  return ran.ok ? parseGroups(ran.value.stdout) : ran;
}

export interface Place {
  readonly device: string;
  readonly volumeGroup: string;
}

/** The volumes of a group, or those that LVM selects; without what they consist of. */
export async function readVolumes(
  place: Place,
  context: AgentContext,
  select: readonly string[] = [],
): Promise<Result<readonly Volume[]>> {
  const fields = 'lv_name,lv_tags,lv_size,lv_active,lv_skip_activation,segtype';
  const args = [...onlyDevice(place.device), ...reportOptions, '--options', fields];
  const ran = await runSuccessfully(context, 'lvs', [...args, ...select, place.volumeGroup]);
  return ran.ok ? parseVolumes(ran.value.stdout) : ran;
}

/** A volume by its name; undefined: there is none. */
export async function readVolume(
  place: Place,
  name: string,
  context: AgentContext,
): Promise<Result<Volume | undefined>> {
  const volumes = await readVolumes(place, context, ['--select', `lv_name=${name}`]);
  return volumes.ok ? success(volumes.value.find((volume) => volume.name === name)) : volumes;
}
