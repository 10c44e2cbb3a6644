import * as z from 'zod';
import { boardAddress, tcpPort } from '../words.ts';

const path = z.string().regex(/^\/[A-Za-z0-9_./@+-]{1,254}$/);

export const sshParameters = z.object({
  address: boardAddress,
  port: tcpPort,
  username: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/),
  identityFile: path,
  /** Absent: root's own. */
  knownHosts: path.optional(),
  /** What the node is asked: `reset` where it is to come back by itself. */
  message: z.enum(['reset', 'off']).default('reset'),
});

export type SshParameters = z.output<typeof sshParameters>;
