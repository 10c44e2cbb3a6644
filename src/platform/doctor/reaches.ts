import { connect } from 'node:net';

/** Of the API; a kernel that refuses the connection answers as well. */
const PORT = 8443;
const PATIENCE = 2000;

/** Whether anything comes back where echo requests do not: a firewall that only lets through what is needed. */
export function reaches(from: string | undefined, to: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port: PORT, ...(from === undefined ? {} : { localAddress: from }) });
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(PATIENCE, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED'));
  });
}
