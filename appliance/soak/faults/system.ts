import { covered, enabledUnit, foreignUnit, STAGED, type StagedFault } from './fault.ts';

/** Where targetcli keeps what its service makes again at a boot. */
const SAVED = '/etc/rtslib-fb-target/saveconfig.json';
const targetctl = enabledUnit('rtslib-fb-targetctl.service', false);

/** What is wrong with the system of a node, and what an earlier one has left on it. */
export const systemFaults: readonly StagedFault[] = [
  {
    codes: ['release_unsupported'],
    on: 'mirroring',
    ...covered('/etc/os-release', `sed 's/^VERSION_ID=.*/VERSION_ID="11"/'`),
  },
  {
    codes: ['node_name_differs'],
    on: 'mirroring',
    stage: 'hostname elsewhere',
    end: 'hostname "$NODE"',
  },
  {
    codes: ['host_name_loopback'],
    on: 'mirroring',
    ...covered('/etc/hosts', `sed "/\\b$NODE\\b/d; 1i 127.0.1.1 $NODE"`),
  },
  { codes: ['earlier_pacemaker'], on: 'mirroring', ...foreignUnit('pacemaker.service') },
  { codes: ['earlier_sbd'], on: 'mirroring', ...foreignUnit('sbd.service') },
  {
    codes: ['earlier_corosync'],
    on: 'mirroring',
    ...covered('/etc/corosync/corosync.conf', `sed 's/cluster_name:.*/cluster_name: another/'`),
  },
  {
    codes: ['earlier_drbd'],
    on: 'mirroring',
    stage: `cat >/etc/drbd.d/earlier.res <<'end'
resource earlier {
  device minor 9;
  disk /dev/disk/by-id/none;
  meta-disk internal;
  on elsewhere { address 192.0.2.1:7799; }
  on nowhere { address 192.0.2.2:7799; }
}
end`,
    end: 'rm -f /etc/drbd.d/earlier.res',
  },
  {
    codes: ['earlier_target'],
    on: 'mirroring',
    stage: `mkdir -p /etc/rtslib-fb-target; [ ! -e ${SAVED} ]
echo '{"targets":[{"wwn":"iqn.2003-01.org.example:earlier"}]}' >${SAVED}
${targetctl.stage as string}`,
    end: `rm -f ${SAVED}
${targetctl.end as string}`,
  },
  {
    codes: ['target_in_use'],
    on: 'mirroring',
    stage: 'mkdir -p /sys/kernel/config/target/iscsi/iqn.2003-01.org.example:running',
    end: 'rmdir /sys/kernel/config/target/iscsi/iqn.2003-01.org.example:running || true',
  },
  { codes: ['lvm_filter_missing'], on: 'mirroring', ...covered('/etc/lvm/lvmlocal.conf', 'sed d') },
  {
    codes: ['program_missing', 'look_failed'],
    on: 'mirroring',
    stage: `mkdir -p ${STAGED}; mv /usr/bin/lsblk ${STAGED}/lsblk`,
    end: `if [ -e ${STAGED}/lsblk ]; then mv ${STAGED}/lsblk /usr/bin/lsblk; fi`,
  },
  {
    codes: ['space_low'],
    on: 'mirroring',
    stage: `left=$(df --output=avail -B1M / | tail -1); fallocate -l "$((left - 60))MiB" /var/tmp/staged`,
    end: 'rm -f /var/tmp/staged',
  },
];

/** What DRBD's kernel carries beside the pool, and what names lead to: the name of this node to none, of the other to another. */
export const otherSystemFaults: readonly StagedFault[] = [
  {
    codes: ['drbd_in_use'],
    on: 'mirroring',
    stage: `modprobe loop; mkdir -p ${STAGED}
truncate --size 64M ${STAGED}/mirrored
losetup /dev/loop6 ${STAGED}/mirrored
drbdmeta --force 9 v08 /dev/loop6 internal create-md
drbdsetup new-resource earlier; drbdsetup new-minor earlier 9 0
drbdsetup attach 9 /dev/loop6 /dev/loop6 internal`,
    end: `drbdsetup down earlier || true
losetup --detach /dev/loop6 || true
rm -f ${STAGED}/mirrored`,
  },
  {
    codes: ['host_name_unresolved'],
    on: 'mirroring',
    ...covered('/etc/hosts', `sed "/\\b$NODE\\b/d"`),
  },
  {
    codes: ['name_resolution_differs'],
    on: 'serving',
    ...covered('/etc/hosts', `sed "/\\b$NODE\\b/d; 1i 192.0.2.1 $NODE"`),
  },
];

export const stoppedApi: StagedFault = {
  codes: ['peer_not_examined'],
  on: 'mirroring',
  stage: 'systemctl stop keelson-api',
  end: 'systemctl start keelson-api',
};
