import type { LabMachine } from '../../lab/node.ts';
import { machineAddress, type StorageNodeName } from '../../lab/topology.ts';
import { otherThan } from '../../trial/failover.ts';
import type { StagedFault } from './fault.ts';

const noisy = (words: string): Pick<StagedFault, 'stage' | 'end'> => ({
  stage: `tc qdisc replace dev mgmt0 root netem ${words}`,
  end: 'tc qdisc delete dev mgmt0 root || true',
});

/** The lease that DHCP would have given. Its address is the node's own, and stays. */
const lent = (lifetime: string): string =>
  `address=$(ip -4 -o address show dev mgmt0 | awk '{ print $4; exit }')
ip address change "$address" dev mgmt0 valid_lft ${lifetime} preferred_lft ${lifetime}`;

/** Cards, their addresses and what listens on them; and the clock. */
export const networkFaults: readonly StagedFault[] = [
  { codes: ['address_dynamic'], on: 'mirroring', stage: lent('7200'), end: lent('forever') },
  {
    codes: ['mtu_small', 'mtu_differs'],
    on: 'mirroring',
    stage: 'ip link set repl0 mtu 1400',
    end: 'ip link set repl0 mtu 1500',
  },
  {
    codes: ['mtu_not_passed'],
    on: 'mirroring',
    stage: 'ip link set cluster0 mtu 9000',
    end: 'ip link set cluster0 mtu 1500',
  },
  {
    codes: ['subnet_on_two_cards'],
    on: 'mirroring',
    stage: `ip link add staged0 type dummy
ip address add "$(ip -4 -o address show dev stora0 | awk '{ print $4; exit }' | sed 's/\\.[0-9]*\\//.99\\//')" dev staged0 noprefixroute
ip link set staged0 up`,
    end: 'ip link delete staged0 || true',
  },
  { codes: ['network_loss'], on: 'mirroring', ...noisy('loss 35%') },
  {
    codes: ['port_taken'],
    on: 'mirroring',
    stage: `systemd-run --quiet --collect --unit=staged-listener /usr/lib/keelson/bin/node -e "require('net').createServer().listen(3260, '0.0.0.0')"
for attempt in $(seq 60); do ss -tln | grep -q '0.0.0.0:3260' && exit 0; sleep 1; done; exit 1`,
    end: 'systemctl stop staged-listener || true',
  },
  {
    codes: ['clock_differs'],
    on: 'mirroring',
    stage: `date --set '+1 minute'`,
    end: `date --set '-1 minute'`,
  },
];

export const slowNetwork: StagedFault = {
  codes: ['network_slow'],
  on: 'mirroring',
  ...noisy('delay 80ms'),
};

/** The other node's address of the cluster network: this node answers for it too. */
const doubled = (deed: 'add' | 'delete') => async (node: LabMachine) => {
  const address = machineAddress(otherThan(node.name as StorageNodeName), 'cluster');
  const ran = await node.run(['ip', 'address', deed, `${address}/32`, 'dev', 'cluster0']);
  if (deed === 'add' && ran.exitCode !== 0) throw new Error(ran.stderr);
};

export const doubleAddress: StagedFault = {
  codes: ['address_duplicate'],
  on: 'mirroring',
  stage: doubled('add'),
  end: doubled('delete'),
};

export const pulledCable: StagedFault = {
  codes: ['card_down', 'network_unreachable'],
  on: 'mirroring',
  stage: (node) => node.linkDown('cluster'),
  end: (node) => node.linkUp('cluster'),
};
