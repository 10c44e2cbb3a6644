import { z } from 'zod';
import {
  chapProblem,
  type ChapRequest,
  type ConnectInfo as ConnectInfoModel,
  type HostView,
} from '../../model/index.ts';
import { AfterGrow, Lun } from './answers.ts';
import { etagSchema } from './etag.ts';
import { describes } from './json.ts';
import { iqnSchema, nameSchema } from './names.ts';

const username = z
  .string()
  .regex(/^[\x21-\x7e]{1,223}$/, 'must be 1 to 223 printable ASCII characters without blanks');

const secret = z
  .string()
  .regex(/^[\x21-\x7e]{12,16}$/, 'must be 12 to 16 printable ASCII characters without blanks')
  .meta({ description: 'Secret: it is in no answer, status or log', writeOnly: true });

/** How a host proves who it is; the default of the user depends on whose it is. */
const chapSchema = z.strictObject({ username: username.optional(), secret });

const chap = chapSchema.meta({
  description: 'What the host proves at a login (CHAP); by default its user is the name of the host',
});
const mutualChap = chapSchema.meta({
  description: 'What the target proves to the host; by default its user is the name of the cluster',
});

/** RFC 7143 asks for one name of an initiator at least; a cluster of hosts may have many. */
const initiatorsSchema = z
  .array(iqnSchema)
  .min(1, 'must be one initiator at least')
  .max(16, 'must be at most 16 initiators')
  .refine((names) => new Set(names).size === names.length, 'must not name an initiator twice');

interface Credentials {
  readonly chap?: ChapRequest | null | undefined;
  readonly mutualChap?: ChapRequest | null | undefined;
}

/** What no single field can tell of them. */
function checkCredentials(given: Credentials, context: z.RefinementCtx): void {
  const whole = (one: ChapRequest | null | undefined) =>
    one === null || one === undefined ? undefined : { username: one.username ?? 'user', secret: one.secret };
  const [host, target] = [whole(given.chap), whole(given.mutualChap)];
  const problem = chapProblem({ ...(host && { chap: host }), ...(target && { mutualChap: target }) });
  if (problem !== undefined)
    context.addIssue({
      code: 'custom',
      path: [target === undefined ? 'chap' : 'mutualChap'],
      message: problem,
    });
}

/** Of a change: what the host has to prove may be there already; the engine, which knows, looks at both. */
export function checkChange({ chap, mutualChap }: Credentials, context: z.RefinementCtx): void {
  const isAlone = chap === undefined && mutualChap !== undefined;
  checkCredentials(isAlone ? { chap: mutualChap } : { chap, mutualChap }, context);
}

export const HostCreate = z
  .strictObject({
    name: nameSchema,
    initiators: initiatorsSchema,
    chap: chap.optional(),
    mutualChap: mutualChap.optional(),
  })
  .superRefine(checkCredentials);

export const HostChanges = z.strictObject({
  initiators: initiatorsSchema.optional(),
  chap: chap.nullable().optional(),
  mutualChap: mutualChap.nullable().optional(),
});

/** What is left out stays as it is; `null` takes it away. */
export const HostSet = HostChanges.superRefine(checkChange);

/** Without a body: it may write. */
export const LunMap = z
  .strictObject({ readOnly: z.boolean().optional().meta({ description: 'The host cannot write' }) })
  .optional();

const user = z.object({ username: z.string() });

export const Host = describes<HostView>()(
  z
    .object({
      name: z.string(),
      etag: etagSchema,
      initiators: z.array(z.string()),
      chap: user.optional(),
      mutualChap: user.optional(),
      luns: z.array(z.object({ name: z.string(), number: z.int(), readOnly: z.boolean() })),
      loggedIn: z.array(z.string()).meta({ description: 'Those of its initiators that are logged in now' }),
    })
    .meta({ id: 'Host' }),
);

const typed = z.array(z.string()).meta({ description: 'One line each, in their order' });

export const ConnectInfo = describes<ConnectInfoModel>()(
  z
    .object({
      host: Host,
      targets: z.array(z.object({ iqn: z.string(), portals: z.array(z.string()) })),
      luns: z.array(Lun),
      linux: z.object({
        packages: z.array(z.string()).meta({ description: 'Of Debian' }),
        files: z.array(z.object({ path: z.string(), how: z.string(), text: z.string() })),
        commands: typed,
      }),
      windows: z.object({ commands: typed }).meta({ description: 'PowerShell, as an administrator' }),
      esxi: z.object({ commands: typed }),
      afterGrow: AfterGrow,
    })
    .meta({ id: 'ConnectInfo' }),
);
