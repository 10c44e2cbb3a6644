import { bytesOfLun, lunName } from '../luns.ts';

/** What of the lab Pacemaker's configuration names. */
export interface ClusterFacts {
  readonly nodes: readonly BoardFacts[];
  readonly drbdResource: string;
  readonly volumeGroup: string;
  /** IQN of the first target; the others are named after it. */
  readonly iqn: string;
  readonly initiator: string;
  /** On each storage network the interface, and the address of the first target's portal without its last number. */
  readonly networks: readonly { readonly interfaceName: string; readonly prefix: string }[];
}

export interface BoardFacts {
  readonly name: string;
  readonly board: string;
  readonly username: string;
  readonly password: string;
}

/** rtslib-fb, below targetcli, maps no LUN number above 255 to a host (MappedLUN.MAX_LUN). */
const LUNS_OF_TARGET = 250;
/** Last number of the first target's addresses: those that Keelson had. */
const FIRST_ADDRESS = 100;

/** A target of Pacemaker's, with its LUNs (counted from 1 over all targets) and its addresses. */
export interface PacemakerTarget {
  readonly group: string;
  readonly iqn: string;
  readonly luns: readonly number[];
  readonly addresses: readonly { readonly address: string; readonly interfaceName: string }[];
}

/** One group for each target, and as few targets as the tools allow. */
export function targetsOf(facts: ClusterFacts, count: number): readonly PacemakerTarget[] {
  return Array.from({ length: Math.ceil(count / LUNS_OF_TARGET) }, (_, index) => ({
    group: `target-${index + 1}`,
    iqn: index === 0 ? facts.iqn : `${facts.iqn}-${index + 1}`,
    luns: Array.from(
      { length: Math.min(LUNS_OF_TARGET, count - index * LUNS_OF_TARGET) },
      (_each, lun) => index * LUNS_OF_TARGET + lun + 1,
    ),
    addresses: facts.networks.map(({ prefix, interfaceName }) => ({
      address: `${prefix}.${FIRST_ADDRESS + index}`,
      interfaceName,
    })),
  }));
}

/**
 * Operations as slow as emulated processors make shell and Python; a timeout that is too short would be counted as a
 * failure, and take its resource down. Monitors are rare: with the agents' own 10 s a hundred LUNs would leave the
 * processor no time for anything else.
 */
const operations = (...names: readonly string[]): string =>
  names.map((name) => `op ${name} timeout=300s interval=0s`).join(' ');
const LUN_OPERATIONS = `${operations('start', 'stop')} op monitor interval=120s timeout=300s`;
const USUAL_OPERATIONS = `${operations('start', 'stop')} op monitor interval=60s timeout=300s`;

/** The cluster in the crm shell's syntax, with so many LUNs: `crm configure load update`. It holds the boards' passwords. */
export function crmConfiguration(facts: ClusterFacts, count: number): string {
  const targets = targetsOf(facts, count);
  return [
    'property stonith-enabled=true stonith-timeout=300s no-quorum-policy=stop',
    'rsc_defaults resource-stickiness=200 migration-threshold=3',
    ...facts.nodes.flatMap(fencing),
    ...mirror(facts),
    ...targets.flatMap((target) => targetLines(facts, target)),
    '',
  ].join('\n');
}

/** A board may not be asked by the node whose power it switches. */
const fencing = ({ name, board, username, password }: BoardFacts): readonly string[] => [
  [
    `primitive fence-${name} stonith:fence_ipmilan params`,
    `ip=${board} username=${username} password=${password} lanplus=1 cipher=3`,
    // Without it the agent asks which cipher the board wants; see the boards' own facts.
    `pcmk_host_list=${name} pcmk_reboot_timeout=240 pcmk_off_timeout=240 pcmk_monitor_timeout=240 pcmk_status_timeout=240`,
    `op start timeout=240s interval=0s op monitor interval=1800s timeout=240s`,
  ].join(' '),
  `location fence-${name}-elsewhere fence-${name} -inf: ${name}`,
];

/** DRBD on both nodes, promoted on one, and the volume group where it is promoted. */
const mirror = ({ drbdResource, volumeGroup }: ClusterFacts): readonly string[] => [
  [
    `primitive drbd ocf:linbit:drbd params drbd_resource=${drbdResource}`,
    operations('start', 'stop', 'promote', 'demote', 'notify'),
    'op monitor role=Master interval=59s timeout=300s op monitor role=Slave interval=61s timeout=300s',
  ].join(' '),
  'clone drbd-clone drbd meta promotable=true promoted-max=1 promoted-node-max=1 clone-max=2 clone-node-max=1 notify=true',
  `primitive volumes ocf:heartbeat:LVM-activate params vgname=${volumeGroup} vg_access_mode=system_id ${USUAL_OPERATIONS}`,
  'colocation volumes-on-mirror inf: volumes drbd-clone:Master',
  'order mirror-before-volumes Mandatory: drbd-clone:promote volumes:start',
];

/** Target, LUNs, and the addresses last: a host that reaches the target finds all LUNs there. */
function targetLines(facts: ClusterFacts, target: PacemakerTarget): readonly string[] {
  const { group, iqn, luns, addresses } = target;
  const portals = addresses.map(({ address }) => `${address}:3260`).join(' ');
  const members = [group.replace('target', 'iqn'), ...luns.map(lunName)];
  const addressOf = (index: number): string => `${group.replace('target', 'address')}-${index + 1}`;
  return [
    [
      `primitive ${members[0] ?? ''} ocf:heartbeat:iSCSITarget params implementation=lio-t iqn=${iqn}`,
      // Here and not at the LUNs: there the agent maps the first of them only, here targetcli maps each as it is made.
      `portals="${portals}" allowed_initiators="${facts.initiator}" ${USUAL_OPERATIONS}`,
    ].join(' '),
    ...luns.map((lun, index) => lunPrimitive(facts, iqn, lun, index)),
    ...addresses.map(
      ({ address, interfaceName }, index) =>
        `primitive ${addressOf(index)} ocf:heartbeat:IPaddr2 params ip=${address} cidr_netmask=24 nic=${interfaceName} ${USUAL_OPERATIONS}`,
    ),
    `group ${group} ${[...members, ...addresses.map((_, index) => addressOf(index))].join(' ')}`,
    `colocation ${group}-on-volumes inf: ${group} volumes`,
    `order volumes-before-${group} Mandatory: volumes ${group}`,
  ];
}

/** A LUN of a target, with its number there. */
export const lunPrimitive = (
  { volumeGroup }: Pick<ClusterFacts, 'volumeGroup'>,
  iqn: string,
  lun: number,
  number: number,
): string =>
  `primitive ${lunName(lun)} ocf:heartbeat:iSCSILogicalUnit params implementation=lio-t target_iqn=${iqn} lun=${number} path=/dev/${volumeGroup}/${lunName(lun)} scsi_sn=${serialOf(lun)} ${LUN_OPERATIONS}`;

/** A serial of hexadecimal digits, the same on both nodes and after every failover. */
export const serialOf = (lun: number): string => `be0c${String(lun).padStart(21, '0')}`;

/** `lvcreate` for each LUN of these, as a shell script; what is there stays. */
export function volumeScript(volumeGroup: string, luns: readonly number[]): string {
  return luns
    .map((lun) => {
      const create = `lvcreate --yes --wipesignatures n --zero n --name ${lunName(lun)} --size ${bytesOfLun(lun)}b ${volumeGroup}`;
      return `[ -e /dev/${volumeGroup}/${lunName(lun)} ] || ${create} >/dev/null`;
    })
    .join('\n');
}
