import * as z from 'zod';
import { ipv4Address } from '../words.ts';

export const addressParameters = z.object({ address: ipv4Address, prefix: z.int().min(1).max(32) });

export type AddressParameters = z.infer<typeof addressParameters>;
