import * as z from 'zod';
import { ipv4Address, iscsiName } from '../words.ts';

export const targetParameters = z.object({
  iqn: iscsiName,
  portals: z.array(ipv4Address).min(1),
  initiators: z.array(iscsiName),
});

export type TargetParameters = z.infer<typeof targetParameters>;
