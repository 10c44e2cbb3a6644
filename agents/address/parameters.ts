import * as z from 'zod';
import { isIpv6 } from '../../src/model/index.ts';
import { ipAddress } from '../words.ts';

export const addressParameters = z
  .object({ address: ipAddress, prefix: z.int().min(1).max(128) })
  .refine(({ address, prefix }) => isIpv6(address) || prefix <= 32, 'the prefix is longer than the address');

export type AddressParameters = z.infer<typeof addressParameters>;
