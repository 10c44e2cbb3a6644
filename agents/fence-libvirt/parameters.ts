import * as z from 'zod';
import { isWithoutPassword } from '../../src/model/index.ts';

const line = (length: number) => z.string().regex(new RegExp(`^[^\\p{Cc}]{1,${length}}$`, 'u'), 'one line');

export const libvirtParameters = z
  .object({
    /** Of the hypervisor, as libvirt writes them: `qemu+tls://kvm1.example/system`, `esx://esx1.example/?no_verify=1`. */
    uri: z
      .string()
      .max(255)
      .regex(/^[a-z][a-z0-9]*(\+[a-z0-9]+)?:\/\/[^\s\p{Cc}]*$/u)
      .refine(isWithoutPassword, '[USER@]HOST[:PORT] without a password, which every user could see in it'),
    /** Name or UUID of the node's machine there. */
    domain: z.string().regex(/^[^\s\p{Cc}-][^\p{Cc}]{0,127}$/u),
    /** Where the hypervisor asks for them (SASL, ESX). */
    username: line(64).optional(),
    password: line(128).optional(),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    path: ['password'],
    message: 'belongs to a user name',
  })
  .refine(({ uri }) => !/[?&]authfile=/.test(uri), { path: ['uri'], message: 'names a file of secrets' });

export type LibvirtParameters = z.infer<typeof libvirtParameters>;

/** Without a machine: it is to say which it has. */
export const libvirtAccess = z.looseObject({}).transform((given, context) => {
  const parsed = libvirtParameters.safeParse({ ...given, domain: 'any' });
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});
