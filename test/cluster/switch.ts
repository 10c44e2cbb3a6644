import { setTimeout as delay } from 'node:timers/promises';
import { addressOf } from './corosync-config.ts';
import type { Host } from '../fencing/peers/host.ts';
import { createNamespace, runInside } from './namespace.ts';
import type { Namespace } from './namespace.ts';

/** The network between the nodes: a namespace of its own with two bridges for each link. */
export interface Switch {
  /** Connects a node that was just switched on to every link. */
  plug(id: number, node: Namespace): Promise<void>;
  setPort(id: number, link: number, state: 'up' | 'down'): Promise<void>;
  /** Nodes on the same side reach each other, and nobody on the other. A node that is plugged in is on the mainland. */
  setSide(id: number, link: number, side: 'mainland' | 'island'): Promise<void>;
  /** A place on that link beside the nodes, which goes on when they lose power. */
  station(number: number, link: number): Promise<Host>;
  close(): Promise<void>;
}

/** Milliseconds: as long as a busy machine may take to end what was on the node. */
const PLUG_DEADLINE = 60_000;
const PLUG_RETRY = 50;

export const stationAddressOf = (number: number, link: number): string => addressOf(link, 200 + number);

const portOf = (id: number, link: number): string => `port${id}.${link}`;

export async function createSwitch(links: number): Promise<Switch> {
  const linkNumbers = Array.from({ length: links }, (_, link) => link);
  const bridges = linkNumbers
    .flatMap((link) => [`bridge${link}`, `island${link}`])
    .map(
      (bridge) => `ip link add ${bridge} type bridge stp_state 0 forward_delay 0\nip link set ${bridge} up`,
    );
  const namespace = await createNamespace(bridges.join('\n'));
  const ip = (...argv: string[]) => runInside(namespace, 'network', ['ip', ...argv]);

  /** The port of a node that lost power goes away with the node's namespace, but only some time later. */
  async function addPort(id: number, link: number, node: Namespace): Promise<void> {
    const port = portOf(id, link);
    const until = performance.now() + PLUG_DEADLINE;
    for (;;) {
      try {
        await ip(
          'link',
          'add',
          port,
          'type',
          'veth',
          'peer',
          'name',
          `eth${link}`,
          'netns',
          String(node.pid),
        );
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        await delay(PLUG_RETRY);
      }
    }
  }

  return {
    async plug(id, node) {
      for (const link of linkNumbers) {
        await addPort(id, link, node);
        await ip('link', 'set', portOf(id, link), 'master', `bridge${link}`, 'up');
        const inside = (...argv: string[]) => runInside(node, 'network', ['ip', ...argv]);
        await inside('address', 'add', `${addressOf(link, id)}/24`, 'dev', `eth${link}`);
        await inside('link', 'set', `eth${link}`, 'up');
      }
    },
    async setPort(id, link, state) {
      await ip('link', 'set', portOf(id, link), state);
    },
    async setSide(id, link, side) {
      await ip(
        'link',
        'set',
        portOf(id, link),
        'master',
        `${side === 'island' ? 'island' : 'bridge'}${link}`,
      );
    },
    async station(number, link) {
      const address = stationAddressOf(number, link);
      await ip('address', 'add', `${address}/24`, 'dev', `bridge${link}`);
      return { address, enter: ['nsenter', '--target', String(namespace.pid), '--net', '--'] };
    },
    close: () => namespace.kill(),
  };
}
