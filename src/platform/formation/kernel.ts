import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';

const MODULES = ['configfs', 'drbd', 'target_core_mod', 'iscsi_target_mod', 'target_core_iblock'];

export interface KernelOptions {
  readonly run?: Run;
  /** Where configfs is mounted. */
  readonly configfs?: string;
  readonly mounts?: string;
  /** LIO's own files: persistent reservations. */
  readonly targetFolder?: string;
  /** The kernel's DRBD, as it tells about itself. */
  readonly drbdStatus?: string;
}

/** Loads DRBD and LIO, mounts configfs, and tells LIO its folder. For every start of keelsond. */
export async function loadModules({
  run = createRun(60_000),
  configfs = '/sys/kernel/config',
  mounts = '/proc/mounts',
  targetFolder = '/var/lib/keelson/target',
  drbdStatus = '/proc/drbd',
}: KernelOptions = {}): Promise<Result<void>> {
  const loaded = await runSuccessfully(run, 'modprobe', ['--all', ...MODULES]);
  if (!loaded.ok) return loaded;
  const fits = await checkDrbd(drbdStatus);
  if (!fits.ok) return fits;
  const isMounted = (await readFile(mounts, 'utf8'))
    .split('\n')
    .some((line) => line.split(' ')[1] === configfs);
  if (!isMounted) {
    const mounted = await runSuccessfully(run, 'mount', ['-t', 'configfs', 'configfs', configfs]);
    if (!mounted.ok) return mounted;
  }
  return prepareTargetFolder(join(configfs, 'target/dbroot'), targetFolder);
}

/** Another DRBD (9 comes as a module of its own) is driven and shows itself otherwise. */
async function checkDrbd(status: string): Promise<Result<void>> {
  const text = await readFile(status, 'utf8').catch(() => '');
  const version = /^version: *(\S+)/m.exec(text)?.[1] ?? 'unknown';
  if (version.startsWith('8.4.')) return success(undefined);
  const how =
    'remove the package that brings it (such as drbd-dkms) and reboot, so that the kernel’s own is loaded';
  return failed(
    failure('host_setup_failed', `${status} says DRBD ${version}, and Keelson works with 8.4: ${how}`),
  );
}

/**
 * The kernel takes dbroot only before the first backstore, and only with a trailing newline; without `pr` under it
 * every persistent reservation fails NOT READY. Setting what is set already is left out, because backstores may exist.
 */
async function prepareTargetFolder(attribute: string, folder: string): Promise<Result<void>> {
  try {
    await mkdir(join(folder, 'pr'), { recursive: true, mode: 0o700 });
    if ((await readFile(attribute, 'utf8')).trim() !== folder) await writeFile(attribute, `${folder}\n`);
    return success(undefined);
  } catch (error) {
    return failed(failure('host_setup_failed', `LIO's folder ${folder}: ${(error as Error).message}`));
  }
}
