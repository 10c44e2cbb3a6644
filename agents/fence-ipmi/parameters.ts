import * as z from 'zod';
import { boardAddress, tcpPort } from '../words.ts';

export const ipmiParameters = z.object({
  address: boardAddress,
  port: tcpPort,
  // A user name that began with a hyphen would be an option.
  username: z.string().regex(/^[^\s-][^\s]{0,15}$/),
  // IPMI 2.0: at most 20 bytes.
  password: z.string().max(20),
});

export type IpmiParameters = z.infer<typeof ipmiParameters>;
