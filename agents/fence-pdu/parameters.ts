import * as z from 'zod';
import { boardAddress, tcpPort } from '../words.ts';
import { families } from './families.ts';

/** RFC 3414 2.2: a password of at least eight characters. */
const key = z.string().min(8).max(64);

const common = {
  address: boardAddress,
  port: tcpPort,
  family: z.enum(Object.keys(families) as [keyof typeof families, ...(keyof typeof families)[]]),
  /** Their names, or `#3` for the third one: all that feed the node. */
  outlets: z
    .array(z.string().regex(/^[^\p{Cc}]{1,64}$/u))
    .min(1)
    .max(8)
    .refine((names) => new Set(names).size === names.length, 'an outlet twice'),
};

const byCommunity = z.object({
  ...common,
  version: z.enum(['1', '2c']),
  community: z.string().min(1).max(64),
});

/** `authPriv` where both keys are given, `authNoPriv` with one. */
const byUser = z.object({
  ...common,
  version: z.literal('3'),
  username: z.string().min(1).max(32),
  authentication: z.enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512']),
  authenticationKey: key,
  privacy: z.enum(['none', 'des', 'aes', 'aes256b', 'aes256r']),
  privacyKey: key.optional(),
});

export const pduParameters = z
  .discriminatedUnion('version', [byCommunity, byUser])
  .refine(
    (given) => given.version !== '3' || (given.privacy === 'none') === (given.privacyKey === undefined),
    { path: ['privacyKey'], message: 'belongs to a privacy protocol' },
  );

export type PduParameters = z.infer<typeof pduParameters>;

/** Without outlets: it is to say what it has. */
export const pduAccess = z.looseObject({ kind: z.literal('pdu').optional() }).transform((given, context) => {
  const parsed = pduParameters.safeParse({ ...given, outlets: ['#1'] });
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});
