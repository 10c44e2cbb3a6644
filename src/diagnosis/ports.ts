import type { ClusterConfig, NodeFacts, NodeName, PortFacts } from '../model/index.ts';
import { networksOf } from './networks.ts';
import { told, type Found, type Situation } from './situation.ts';

interface Need {
  readonly protocol: PortFacts['protocol'];
  readonly port: number;
  readonly what: string;
  /** Who may have it; the kernel may always. */
  readonly processes: readonly string[];
}

const ISCSI = 3260;
const FIRST_DRBD = 7789;
const FIRST_COROSYNC = 5405;

function needsOf(node: NodeName, config: ClusterConfig | undefined): readonly Need[] {
  const pools = config === undefined ? [FIRST_DRBD] : Object.values(config.pools).map(({ port }) => port);
  // One for each of Corosync's links; the management network is none of them.
  const links = config === undefined ? 1 : Math.max(1, networksOf(node, config).length - 1);
  return [
    { protocol: 'tcp', port: ISCSI, what: 'iSCSI', processes: [] },
    ...pools.map((port): Need => ({ protocol: 'tcp', port, what: 'DRBD', processes: [] })),
    ...Array.from({ length: links }, (_, link): Need => ({
      protocol: 'udp',
      port: FIRST_COROSYNC + link,
      what: 'Corosync',
      processes: ['corosync'],
    })),
  ];
}

const everywhere: readonly string[] = ['0.0.0.0', '*', '[::]'];

export function portFindings(facts: NodeFacts, { node, config }: Situation): readonly Found[] {
  const taken = told(facts, 'ports') ?? [];
  return needsOf(node, config).flatMap(({ protocol, port, what, processes }) =>
    taken
      .filter(
        (one) =>
          one.protocol === protocol &&
          one.port === port &&
          one.process !== undefined &&
          !processes.includes(one.process) &&
          // Who listens on one address of its own is in nobody's way.
          everywhere.includes(one.address),
      )
      .map(({ process }): Found => [
        'port_taken',
        `${process ?? ''} listens on ${protocol} port ${port}, which is for ${what}`,
      ]),
  );
}
