import type { Checks } from './check.ts';

/** Of one node’s cards, addresses and ports. */
export const networkChecks = {
  address_missing: {
    weight: 'forbids',
    why: 'The cluster file promises it: Corosync, DRBD or the API listens there.',
    mend: 'Give the node that address, for good (/etc/network/interfaces, or what configures its network).',
  },
  portal_without_card: {
    weight: 'forbids',
    why: 'A floating address goes to the card that is in its subnet; without one, hosts lose this way after a failover.',
    mend: 'Give the node a fixed address in the portal’s subnet, an IPv6 one for an IPv6 portal.',
  },
  address_dynamic: {
    weight: 'warns',
    why: 'What DHCP has lent it can take back, or give another: Corosync and DRBD know the node by it.',
    mend: 'Give the card a fixed address.',
  },
  subnet_on_two_cards: {
    weight: 'warns',
    why: 'The kernel answers for both addresses on either card and sends by one of them: traffic takes the wrong way, and a cable that is cut takes both.',
    mend: 'Give each network a subnet of its own, or make a bond of the cards.',
  },
  networks_share_card: {
    weight: 'warns',
    why: 'One cable, port or card that fails cuts all of them at once, and the nodes lose sight of each other.',
    mend: 'Give the cluster network a card of its own, or make a bond.',
  },
  card_down: {
    weight: 'forbids',
    why: 'The network of this address cannot be reached.',
    mend: 'Check cable, switch port and card (`ip link`, `ethtool CARD`).',
  },
  card_slow: {
    weight: 'warns',
    why: 'Every write goes over it; below 1000 Mbit/s it is slower than any disk.',
    mend: 'Check cable and switch port: a broken wire makes a fast card slow.',
  },
  card_half_duplex: {
    weight: 'warns',
    why: 'The two ends do not agree: packets are lost under load.',
    mend: 'Set both ends to negotiate by themselves.',
  },
  card_errors: {
    weight: 'warns',
    why: 'Packets arrive damaged: replication and Corosync send them again and stall.',
    mend: 'Change the cable or the transceiver; see `ip -s link show CARD` and the switch’s own counters.',
  },
  mtu_small: {
    weight: 'warns',
    why: 'Below 1500 somewhere a tunnel is in the way, and packets of other machines do not fit.',
    mend: 'Set the MTU to 1500, or to 9000 where every card and switch of the network has it.',
  },
  bond_degraded: {
    weight: 'warns',
    why: 'The next cable that fails takes the network away.',
    mend: 'Check cable, switch port and card of the member that is named.',
  },
  bond_single: {
    weight: 'warns',
    why: 'A bond of one card protects from nothing.',
    mend: 'Add a second card to it.',
  },
  bond_no_partner: {
    weight: 'warns',
    why: 'The bond speaks LACP and the switch does not: only one card is used, or none.',
    mend: 'Make one LACP group of the ports on the switch, or set the bond to active-backup.',
  },
  port_taken: {
    weight: 'forbids',
    why: 'Keelson, or what it drives, needs the port.',
    mend: 'Stop the program that is named, for good.',
  },
} as const satisfies Checks;
