import * as z from 'zod';

/** One line each: they are handed over as lines, and the agents strip what is around them. */
const line = z
  .string()
  .max(1024)
  .regex(/^(?!\s)[^\p{Cc}]*(?<!\s)$/u, 'one line without space around it');
const options = z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/), line);

export const fenceAgentsParameters = z
  .object({
    /** The agent's program, such as `fence_idrac`. */
    program: z.string().regex(/^fence_[a-z0-9_]{1,60}$/),
    /** By the names of its metadata, such as `ip`, `username`, `plug`. */
    options,
    /** As `options`; kept apart so that nobody shows them: `password`, `snmp_priv_passwd`, ... */
    secrets: options,
  })
  .refine(({ options, secrets }) => !('action' in options) && !('action' in secrets), {
    path: ['options'],
    message: 'the action is not an option',
  })
  .refine(({ options, secrets }) => Object.keys(options).every((name) => !(name in secrets)), {
    path: ['options'],
    message: 'the same name is a secret',
  });

export type FenceAgentsParameters = z.infer<typeof fenceAgentsParameters>;
