import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../lab/error.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Progress } from '../../lab/progress.ts';
import { networks, storageNodeNames, usualMachineNames, type StorageNodeName } from '../../lab/topology.ts';
import { portals } from '../../trial/cluster-file.ts';
import { bothCurrent } from '../../trial/failover.ts';
import { apisAnswer } from '../../trial/form.ts';
import { detachAll } from '../../trial/host.ts';
import type { San } from '../../trial/san.ts';
import { drbdResource, volumeGroup } from '../failover/pacemaker/facts.ts';
import { disableKeelson, isKeelsonGone } from '../without-keelson.ts';

/** Programs under emulation, a boot, and a resync, in milliseconds. */
const SCRIPT = 300_000;
const SETTLED = 900_000;
/** Where the target of Keelson, as its library reads it from the kernel, is kept for the other stages. */
const SAVED = '/root/keelson-target.json';
const DEVICE_OF_POOL = `/dev/disk/by-id/virtio-keelson-data`;

const UNITS = 'keelson-shutdown.service keelson-api.service keelsond.service';

/** The very target that Keelson made, attribute by attribute: backstores, LUNs, portals, who may log in. */
const SAVE = `set -eu
umask 077
targetctl save ${SAVED}
grep -q '"storage_objects"' ${SAVED}
sync`;

const SERVE = `set -eu
modprobe target_core_mod
modprobe target_core_iblock
modprobe iscsi_target_mod
mount -t configfs none /sys/kernel/config 2>/dev/null || true
${portals
  .map((address, index) => `ip address replace ${address}/24 dev ${storageInterface(index)}`)
  .join('\n')}
targetctl restore ${SAVED}
[ -d /sys/kernel/config/target/iscsi ]`;

const PROMOTE = `set -eu
drbdadm primary ${drbdResource}
vgchange --quiet --activate y ${volumeGroup}`;

/** As PROMOTE leaves it, and what stands on it, the other way round. */
const STOP = `set -eu
targetctl clear
vgchange --quiet --activate n ${volumeGroup}
drbdadm down ${drbdResource}`;

/** LVM finds its group on the disk itself, where the mirror kept it: the mirror's own data is at the disk's end. */
const ACTIVATE_BARE = `set -eu
disk=$(readlink -f ${DEVICE_OF_POOL})
vgchange --quiet --activate y --config "devices { global_filter=[ \\"a|^$disk$|\\", \\"r|.*|\\" ] }" ${volumeGroup}`;

function storageInterface(index: number): string {
  const network = (['storage-a', 'storage-b'] as const)[index];
  if (network === undefined) throw new Error('the lab has two storage networks');
  return networks[network].interfaceName;
}

/** The lab's SAN, with less and less between the host and the disk. */
export class Stages {
  readonly #lab: Lab;
  readonly #san: San;
  readonly #progress: Progress;
  #server: StorageNodeName | undefined;

  constructor(lab: Lab, san: San, progress: Progress) {
    this.#lab = lab;
    this.#san = san;
    this.#progress = progress;
  }

  /** Keelson serves; its target is kept for the stages without it. */
  async keepTarget(server: StorageNodeName): Promise<void> {
    this.#server = server;
    await this.#lab.node(server).demand(SAVE, { timeout: SCRIPT });
  }

  /** From Keelson: the same target on the same volume on the same mirror, and nobody who watches. */
  async mirrorAlone(): Promise<void> {
    this.#progress('Keelson is disabled, and all machines are switched off and on');
    await detachAll(this.#lab);
    await this.#each(disableKeelson);
    await this.#restart();
    await this.#each(isKeelsonGone);
    this.#progress('the mirror is taken up by hand, and the same target is put on it');
    await this.#each(`set -eu\nmodprobe drbd\ndrbdadm up ${drbdResource}`);
    await this.#untilCurrent();
    await this.#onServer(PROMOTE);
    await this.#onServer(SERVE);
  }

  /** From the mirror alone: Keelson again. */
  async keelsonAgain(): Promise<void> {
    this.#progress('Keelson is enabled again, and all machines are switched off and on');
    await detachAll(this.#lab);
    await this.#onServer(STOP);
    await this.#each(
      `set -eu\nsystemctl enable --quiet ${UNITS}\nsystemctl enable --quiet corosync.service\nsync`,
    );
    await this.#restart();
    await apisAnswer(this.#san);
    await this.#san.waitFor(
      'all is served again',
      SETTLED,
      (status) => status.serving && status.survivesFailure,
    );
    await bothCurrent(this.#lab, this.#san);
  }

  /** From the mirror alone: the same target on the same volume on the disk itself. Nothing leads back from here. */
  async bare(): Promise<void> {
    this.#progress('the mirror is taken down; the same target on the volume of the disk itself');
    await detachAll(this.#lab);
    await this.#onServer(STOP);
    for (const name of storageNodeNames)
      await this.#lab.node(name).run(['drbdadm', 'down', drbdResource], { timeout: SCRIPT });
    await this.#onServer(ACTIVATE_BARE);
    await this.#onServer(SERVE);
  }

  async #restart(): Promise<void> {
    await Promise.all(usualMachineNames.map((name) => this.#lab.node(name).powerCut()));
    await Promise.all(usualMachineNames.map((name) => this.#lab.node(name).powerOn()));
    await Promise.all(usualMachineNames.map((name) => this.#lab.node(name).waitForSsh()));
  }

  async #untilCurrent(): Promise<void> {
    const end = performance.now() + SETTLED;
    for (;;) {
      const said = await this.#onServer('cat /proc/drbd');
      if (said.includes('ds:UpToDate/UpToDate')) return;
      if (performance.now() > end)
        throw new LabError('command-failed', `DRBD is not current: ${said.trim()}`, 'See /proc/drbd.');
      await wait(2000);
    }
  }

  #onServer(script: string): Promise<string> {
    if (this.#server === undefined) throw new Error('The target is kept before anything else.');
    return this.#lab.node(this.#server).demand(script, { timeout: SCRIPT });
  }

  #each(script: string): Promise<unknown> {
    return Promise.all(
      storageNodeNames.map((name) => this.#lab.node(name).demand(script, { timeout: SCRIPT })),
    );
  }
}
