import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';

/** Of RFC 5737: nothing is sent there, and the kernel tells which address it would send from. */
const SOMEWHERE = '192.0.2.1';

/** Cards that are named after what they are for. */
const management = /^(?:mgmt|man|adm)/;

/** The address by which this machine is most likely reached: of a card for management, of the default route, or the first. */
export async function ownAddress(): Promise<string | undefined> {
  const own = Object.entries(networkInterfaces()).flatMap(([card, list]) =>
    (list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ card, address })),
  );
  const named = own.find(({ card }) => management.test(card))?.address;
  return named ?? (await routed()) ?? own[0]?.address;
}

function routed(): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = createSocket('udp4');
  socket.on('error', () => resolve(undefined));
  socket.connect(9, SOMEWHERE, () => resolve(socket.address().address));
  return promise.finally(() => socket.close());
}
