import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../../../lab/error.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Progress } from '../../../lab/progress.ts';
import { storageNodeNames, usualMachineNames } from '../../../lab/topology.ts';
import { disableKeelson, isKeelsonGone } from '../../without-keelson.ts';
import { lunName, writtenLun } from '../luns.ts';
import { drbdResource, volumeGroup } from './facts.ts';

/** Seconds of a script under emulation become minutes; in milliseconds. */
const SCRIPT = 300_000;
const RESYNC = 900_000;
const REMOVAL = 1_800_000;

const RESOURCE_FILE = `/etc/drbd.d/keelson-${drbdResource}.res`;

/**
 * A node as it is with Debian's own stack. LVM gets the name of its owner from the node's (LVM-activate's `system_id`),
 * DRBD asks Pacemaker before it goes on alone (handlers of DRBD 8.4's manual), and udev does what it does with anybody's
 * volumes: the agent exports them by their names in /dev.
 */
const PREPARE = `set -eu
systemctl unmask --quiet blk-availability.service lvm2-monitor.service
for rule in /usr/lib/udev/rules.d/*keelson* /lib/udev/rules.d/*keelson* /etc/udev/rules.d/*keelson*; do
  [ -e "$rule" ] || continue
  ln -sf /dev/null "/etc/udev/rules.d/\${rule##*/}"
done
udevadm control --reload
sed -i 's/^[[:space:]]*# *system_id_source = .*/system_id_source = "uname"/' /etc/lvm/lvm.conf
[ "$(lvmconfig global/system_id_source)" = 'system_id_source="uname"' ]
sed -i 's|fence-peer "[^"]*";|fence-peer "/usr/lib/drbd/crm-fence-peer.sh --timeout 300 --dc-timeout 300";\\n    after-resync-target "/usr/lib/drbd/crm-unfence-peer.sh";|' ${RESOURCE_FILE}
grep -q crm-unfence-peer ${RESOURCE_FILE}
mkdir -p /etc/target/pr
modprobe drbd
drbdadm up ${drbdResource}`;

/** The volume group belongs to the first node from now on, and has no LUN but the first. */
const CLEAR = `set -eu
drbdadm primary ${drbdResource}
vgchange --yes --systemid "$(uname -n)" ${volumeGroup}
vgchange --quiet --activate n ${volumeGroup}
lvs --noheadings --options lv_name ${volumeGroup} | tr -d ' ' | grep '^lun-' | grep -vx '${lunName(writtenLun)}' |
  sed 's|^|${volumeGroup}/|' | xargs -r -n 50 lvremove --yes --quiet
vgchange --quiet --activate n ${volumeGroup}
drbdadm secondary ${drbdResource}`;

/** Enabled, too: a node that was fenced takes part again when it has booted. */
const START = `set -eu
drbdadm down ${drbdResource}
systemctl enable --quiet corosync.service pacemaker.service
systemctl start corosync.service pacemaker.service`;

/** Fails where the machines' disks were made without Pacemaker. */
export async function demandPacemaker(lab: Lab): Promise<void> {
  for (const node of storageNodeNames) {
    const found = await lab
      .node(node)
      .run('command -v crm && command -v pacemakerd && command -v fence_ipmilan');
    if (found.exitCode === 0) continue;
    const what = `${node} has no Pacemaker: its disk was made without it`;
    throw new LabError('command-failed', what, 'Take new disks (without --reuse).');
  }
}

/**
 * Takes the machines from Keelson and gives them to Pacemaker, with the same DRBD resource and volume group, and starts
 * it without resources. All three lose their power in between: nothing of what was is left in any kernel.
 */
export async function takeOver(lab: Lab, progress: Progress): Promise<void> {
  const [first] = storageNodeNames;
  const each = (script: string, timeout = SCRIPT): Promise<unknown> =>
    Promise.all(storageNodeNames.map((name) => lab.node(name).demand(script, { timeout })));
  progress('Keelson is disabled, and all machines are switched off and on');
  for (const name of storageNodeNames) if (!lab.node(name).isPowered()) await lab.node(name).powerOn();
  await Promise.all(storageNodeNames.map((name) => lab.node(name).waitForSsh()));
  await each(disableKeelson);
  await Promise.all(usualMachineNames.map((name) => lab.node(name).powerCut()));
  await Promise.all(usualMachineNames.map((name) => lab.node(name).powerOn()));
  await Promise.all(usualMachineNames.map((name) => lab.node(name).waitForSsh()));
  await each(isKeelsonGone);
  progress('DRBD, LVM and LIO are prepared for Pacemaker');
  await each(PREPARE);
  await untilCurrent(lab, first);
  progress(`${first}: only the first LUN is left`);
  await lab.node(first).demand(CLEAR, { timeout: REMOVAL });
  progress('Corosync and Pacemaker are started');
  await each(START);
}

async function untilCurrent(lab: Lab, node: (typeof storageNodeNames)[0]): Promise<void> {
  const end = performance.now() + RESYNC;
  for (;;) {
    const said = (await lab.node(node).demand(['cat', '/proc/drbd'])).trim();
    if (said.includes('ds:UpToDate/UpToDate')) return;
    if (performance.now() > end)
      throw new LabError('command-failed', `DRBD is not current on ${node}: ${said}`, 'See /proc/drbd.');
    await wait(2000);
  }
}
