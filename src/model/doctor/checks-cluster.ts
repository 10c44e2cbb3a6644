import type { Checks } from './check.ts';

/** Of what lies between the nodes, and of the cluster as a whole. */
export const clusterChecks = {
  peer_not_examined: {
    weight: 'warns',
    why: 'What is wrong there, or between the nodes, cannot be told.',
    mend: 'See that keelsond and keelson-api run on that node and that port 8443 of its management address can be reached; run `keelson doctor` there too.',
  },
  version_differs: {
    weight: 'warns',
    why: 'Nodes of two versions are for the hour of an upgrade; some changes wait until both are the same.',
    mend: 'Install the same version of Keelson on all nodes, the serving one last.',
  },
  release_differs: {
    weight: 'informs',
    why: 'After an upgrade of one node alone, the other behaves otherwise when it takes over.',
    mend: 'Upgrade the other node too, and boot it.',
  },
  clock_differs: {
    weight: 'warns',
    why: 'Nothing is decided by it; but logs and times that people read contradict each other, and certificates may be refused.',
    mend: 'Set the clock of the node that is wrong (timedatectl; chronyc makestep), and have a time service keep it.',
  },
  network_unreachable: {
    weight: 'forbids',
    why: 'Over this network the nodes do not hear each other.',
    mend: 'Check cable, switch port, VLAN and address on both nodes, and a firewall between them.',
  },
  network_loss: {
    weight: 'warns',
    why: 'Corosync and DRBD send again what is lost, and stall; a node may be fenced for it.',
    mend: 'Check cable, transceiver and switch port: `ip -s link show CARD` on both nodes, and the switch’s own counters.',
  },
  network_slow: {
    weight: 'warns',
    why: 'Every write waits for one round trip over the replication network, and Corosync for several.',
    mend: 'Look for a detour (a router, a tunnel, wireless) or a queue that is full.',
  },
  mtu_not_passed: {
    weight: 'forbids',
    why: 'The cards send larger packets than the way lets through: small ones arrive, a mirror that writes hangs.',
    mend: 'Set the MTU of every switch port on the way, or that of the cards on both nodes to 1500.',
  },
  mtu_differs: {
    weight: 'warns',
    why: 'What one end sends may be too large for the other one.',
    mend: 'Set the same MTU on both nodes.',
  },
  address_duplicate: {
    weight: 'forbids',
    why: 'Another machine answers for the same address: connections break, and hosts write to whoever answered last.',
    mend: 'Find the machine by the MAC address that is named, and give it another address.',
  },
  name_resolution_differs: {
    weight: 'warns',
    why: 'What one node calls by this name is another machine to the other node.',
    mend: 'Write every node with its management address into /etc/hosts, the same on all of them.',
  },
  disk_sizes_differ: {
    weight: 'informs',
    why: 'A mirror is as large as the smaller disk; the rest of the other one is not used.',
    mend: 'Nothing, or give disks of the same size.',
  },
  sector_sizes_differ: {
    weight: 'warns',
    why: 'A disk with sectors of 4096 bytes cannot write what a host wrote to one with 512.',
    mend: 'Use disks with the same logical sector size on both nodes.',
  },
  fence_devices_same: {
    weight: 'forbids',
    why: 'Whoever fences one node puts out the other one, or both.',
    mend: 'Correct address, outlet or machine of one of the devices in the cluster file.',
  },
  power_shared: {
    weight: 'warns',
    why: 'One unit that fails, or one fuse, takes both nodes.',
    mend: 'Feed the nodes by different units, each with both, and name all outlets.',
  },
  fence_board_alone: {
    weight: 'informs',
    why: 'A board loses its power together with its node and cannot confirm anything then: Keelson waits, and says so, until a person does.',
    mend: 'Feed the board by a way of its own, or give the node a second level: outlets, SBD. Where it has none, say so: `sharesPower` in the cluster file.',
  },
  one_link: {
    weight: 'warns',
    why: 'With one network between the nodes, a cable that is cut looks like a node that is dead, and one is fenced for it.',
    mend: 'Give replication a subnet and a card of its own, or name further `links`, when the cluster is formed.',
  },
  witness_absent: {
    weight: 'informs',
    why: 'After a split the node goes on that fences the other first, and a node that boots alone waits for the other one.',
    mend: 'Where that matters, `keelson witness add` with a third machine.',
  },
} as const satisfies Checks;
