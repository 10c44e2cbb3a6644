import { createSocket } from 'node:dgram';

/** A UDP port of the loopback on which nobody listens, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}
