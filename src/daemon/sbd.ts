import { constants } from 'node:fs';
import { access, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkHeader } from '../../agents/fence-sbd/disks.ts';
import { makeDisks, planDisks, takeSlots, type DiskIdentities } from '../../agents/fence-sbd/initialise.ts';
import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type NodeName,
  type Result,
  type SbdSettings,
} from '../model/index.ts';
import { checkDisk } from '../platform/formation/disk.ts';
import { writeOwned } from '../platform/formation/owned-file.ts';
import { createRun, type Run } from '../platform/processes/run.ts';
import { isSbdRunning } from '../platform/sbd/service.ts';
import { lookAtWatchdog } from '../platform/sbd/watchdog.ts';
import type { Log } from '../ports/index.ts';

export interface SbdOptions {
  readonly stateFolder: string;
  readonly log: Log;
  readonly run?: Run;
  readonly program?: string;
  readonly watchdogs?: string;
}

/** Milliseconds for one program; a header with its 255 slots takes seconds on a slow disk. */
const PATIENCE = 120_000;

/** How this node is fenced by SBD; undefined where it is not. */
export function sbdOf({ fenceDevices }: ClusterConfig, node: NodeName): SbdSettings | undefined {
  return sbdDevices({ fenceDevices }).find((device) => device.node === node);
}

const sbdDevices = ({ fenceDevices }: Pick<ClusterConfig, 'fenceDevices'>) =>
  Object.values(fenceDevices).flatMap((device) => (device.kind === 'sbd' ? [device] : []));

/** SBD's part in becoming a member. All of it may be repeated. */
export function createSbd({
  stateFolder,
  log,
  run = createRun(PATIENCE),
  program = '/usr/sbin/sbd',
  watchdogs = '/sys/class/watchdog',
}: SbdOptions) {
  /** The disks that this node has made, while their cluster is not formed. */
  const mark = join(stateFolder, 'sbd-disks');

  async function made(): Promise<DiskIdentities> {
    try {
      return JSON.parse(await readFile(mark, 'utf8')) as DiskIdentities;
    } catch {
      return {};
    }
  }

  const planOf = async ({ disks, watchdogTimeout }: SbdSettings, overwrite: readonly string[]) => ({
    disks: Object.keys(disks),
    watchdog: watchdogTimeout / 1000,
    made: await made(),
    overwrite,
  });

  /** What every node needs. Changes nothing. */
  async function check(config: ClusterConfig, node: NodeName): Promise<Result<void>> {
    const [any] = sbdDevices(config);
    if (any === undefined) return success(undefined);
    try {
      await access(program, constants.X_OK);
    } catch {
      return failed(failure('command_missing', `SBD needs ${program} on every node: Debian’s package sbd`));
    }
    for (const disk of Object.keys(any.disks)) {
      const free = await checkDisk(disk, { run });
      if (!free.ok) return free;
      const clash = await mirrored(config, node, disk);
      if (clash !== undefined) return failed(failure('disk_has_data', clash));
    }
    const own = sbdOf(config, node);
    return own === undefined ? success(undefined) : checkWatchdog(own.watchdog);
  }

  async function checkWatchdog(device: string): Promise<Result<void>> {
    const looked = await lookAtWatchdog(device, watchdogs);
    if (!looked.ok) return looked;
    const { isActive, isSoft, identity } = looked.value;
    if (isActive && !(await isSbdRunning(run)))
      return failed(failure('watchdog_busy', `${device} (${identity ?? 'unknown'}) is in use`));
    if (isSoft)
      log.warn('sbd', `${device} is softdog, which is no proof: it does not outlive a kernel that hangs`);
    return success(undefined);
  }

  return {
    /** For the first node; `overwrite`: disks that may lose what they carry. Changes nothing. */
    async checkFirst(
      config: ClusterConfig,
      node: NodeName,
      overwrite: readonly string[],
    ): Promise<Result<void>> {
      const checked = await check(config, node);
      const [any] = sbdDevices(config);
      if (!checked.ok || any === undefined) return checked;
      const planned = await planDisks(await planOf(any, overwrite), run);
      return planned.ok ? success(undefined) : planned;
    },

    /** For a node that joins: the disks are the cluster's own. Changes nothing. */
    async checkJoining(config: ClusterConfig, node: NodeName): Promise<Result<void>> {
      const checked = await check(config, node);
      if (!checked.ok) return checked;
      for (const [disk, uuid] of sbdDevices(config).flatMap(({ disks }) => Object.entries(disks))) {
        const header = await checkHeader(disk, uuid, run);
        if (!header.ok) return header;
      }
      return success(undefined);
    },

    /** Gives the disks their headers, where no earlier attempt has; resolves with their UUIDs. */
    async make(config: ClusterConfig, overwrite: readonly string[]): Promise<Result<DiskIdentities>> {
      const [any] = sbdDevices(config);
      if (any === undefined) return success({});
      return makeDisks(await planOf(any, overwrite), run, (identities) =>
        writeOwned(mark, JSON.stringify(identities), 0o600),
      );
    },

    /** This node's slots, where it is fenced by them. */
    async takeSlots(config: ClusterConfig, node: NodeName): Promise<Result<void>> {
      const own = sbdOf(config, node);
      return own === undefined ? success(undefined) : takeSlots(own.disks, node, run);
    },

    /** The cluster is there: from now on its disks are taken, on this node as on all others. */
    formed: (): Promise<void> => rm(mark, { force: true }),

    /** Whether the daemon may be started: what it watches has to be what the others write to. */
    async checkDisks({ disks }: SbdSettings): Promise<Result<void>> {
      const entries = Object.entries(disks);
      const unreadable: string[] = [];
      for (const [disk, uuid] of entries) {
        const header = await checkHeader(disk, uuid, run);
        if (header.ok) continue;
        if (header.failure.code === 'fence_disk_wrong') return header;
        unreadable.push(header.failure.message);
      }
      return unreadable.length * 2 > entries.length
        ? failed(failure('sbd_disk_lost', unreadable.join('; ')))
        : success(undefined);
    },

    checkDisk: (disk: string, uuid: string) => checkHeader(disk, uuid, run),
  };
}

export type Sbd = ReturnType<typeof createSbd>;

/** Why that disk may not be used by SBD: what it is to guard against would take it away too. */
async function mirrored(config: ClusterConfig, node: NodeName, disk: string): Promise<string | undefined> {
  const own = await realpath(disk);
  if (/^\/dev\/drbd/.test(own)) return `SBD disk ${disk} is a disk of DRBD`;
  for (const { name, disks } of Object.values(config.pools)) {
    const backing = disks[node];
    if (backing !== undefined && (await realpath(backing).catch(() => backing)) === own)
      return `SBD disk ${disk} is the disk of pool ${name}`;
  }
  return undefined;
}
