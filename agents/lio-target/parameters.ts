import * as z from 'zod';
import { ipAddress, iscsiName } from '../words.ts';

/** LIO takes what begins with NULL for none, and a line end for a part of the word. */
const credential = z.string().regex(/^(?!NULL)[\x21-\x7e]{1,223}$/);
/** By initiator; whoever is not in it has none. */
const credentials = z.record(iscsiName, credential).default({});

export const targetParameters = z.object({
  iqn: iscsiName,
  portals: z.array(ipAddress).min(1),
  initiators: z.array(iscsiName),
  chapUsers: credentials,
  chapSecrets: credentials,
  mutualUsers: credentials,
  mutualSecrets: credentials,
});

export type TargetParameters = z.infer<typeof targetParameters>;
