import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** One outlet: what really switches the node. */
export interface Outlet {
  isOn(): boolean;
  /** Resolves when nothing of the node runs any more. */
  off(): Promise<void>;
  on(): Promise<void>;
}

/**
 * The fence devices of all nodes, outside of the nodes and of their networks: a line `VERB ADDRESS` is answered by `on`
 * or `off`, as it is after the deed. A device that is broken closes the connection without a word.
 */
export interface PowerSwitch {
  /** Devices by the address in the nodes' configuration. */
  breakDevice(address: string): void;
  /** Orders to switch this one on are obeyed no more, or again; the node stays away. */
  holdOff(address: string, held: boolean): void;
  mendDevice(address: string): void;
  close(): Promise<void>;
}

/** A shell command that has the switch at that path obey the word behind it: the wire from a board to its node. */
export const wireTo = (path: string, address: string): string =>
  `perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new($ARGV[0]) or exit 1; print $s "$ARGV[2] $ARGV[1]\\n"; $s->flush; print <$s>' '${path}' '${address}'`;

export async function createPowerSwitch(
  path: string,
  outlets: Readonly<Record<string, Outlet>>,
): Promise<PowerSwitch> {
  const broken = new Set<string>();
  const held = new Set<string>();
  /** One order at a time for each outlet. */
  const queues = new Map<string, Promise<void>>();

  async function obey(line: string, socket: Socket): Promise<void> {
    const [verb = '', address = ''] = line.split(' ');
    const outlet = outlets[address];
    if (outlet === undefined || broken.has(address)) {
      socket.destroy();
      return;
    }
    const before = queues.get(address) ?? Promise.resolve();
    const done = before.then(async () => {
      if (verb === 'off' && outlet.isOn()) await outlet.off();
      if (verb === 'on' && !outlet.isOn() && !held.has(address)) await outlet.on();
    });
    queues.set(
      address,
      done.catch(() => undefined),
    );
    await done;
    socket.end(outlet.isOn() ? 'on\n' : 'off\n');
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The node that asks may lose its own power at any moment.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      obey(line, socket).catch(() => socket.destroy());
    });
    // It repeats the errors of what it reads from.
    lines.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return {
    breakDevice: (address) => void broken.add(address),
    holdOff(address, isHeld) {
      if (isHeld) held.add(address);
      else held.delete(address);
    },
    mendDevice: (address) => void broken.delete(address),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
