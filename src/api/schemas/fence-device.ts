import { z } from 'zod';
import { isSecretOption, isWithoutPassword } from '../../model/index.ts';
import { addressSchema } from './addresses.ts';

/** Printable ASCII without blanks. */
const word = (length: number) =>
  z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${length}}$`), `must be 1 to ${length} printable characters`);

const line = (length: number) =>
  z
    .string()
    .regex(
      new RegExp(`^(?!\\s)[^\\p{Cc}]{1,${length}}(?<!\\s)$`, 'u'),
      `must be one line of at most ${length} characters`,
    );

const pathSchema = z
  .string()
  .regex(/^\/[A-Za-z0-9_./@+-]{1,254}$/, 'must be the path of a file, from the root')
  .refine((path) => !path.split('/').includes('..'), 'must not contain ..');

const calls = {
  level: z.int().min(1).max(9).optional(),
  timeout: z.int().min(5, 'must be at least 5 s').max(300).optional(),
};
const common = { ...calls, sharesPower: z.boolean().optional() };
const onNetwork = { ...common, address: addressSchema, port: z.int().min(1).max(65_535).optional() };

/** The lengths are those of IPMI 2.0 (section 22.28 and 22.30). */
export const ipmiUser = { username: word(16), password: word(20) };

const ipmi = z.strictObject({ ...onNetwork, kind: z.literal('ipmi'), ...ipmiUser });

export const familySchema = z.enum(['apc', 'apc-masterswitch', 'cyberpower', 'eaton', 'raritan']);

const outlets = {
  ...onNetwork,
  kind: z.literal('pdu'),
  family: familySchema.optional(),
  outlets: z
    .array(line(64))
    .min(1, 'must be one outlet at least')
    .max(8, 'must be at most 8 outlets')
    .refine((names) => new Set(names).size === names.length, 'must not name an outlet twice'),
};

// RFC 3414 2.2: SNMP makes its keys of passwords of eight characters and more.
const key = z.string().regex(/^[\x20-\x7e]{8,64}$/, 'must be 8 to 64 printable characters');

export const byCommunity = { version: z.enum(['1', '2c']), community: word(64) };

export const byUser = {
  version: z.literal('3'),
  username: word(32),
  authentication: z.enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512']),
  authenticationKey: key,
  privacy: z.enum(['none', 'des', 'aes', 'aes256b', 'aes256r']),
  privacyKey: key.optional(),
};

interface Privacy {
  readonly privacy: string;
  readonly privacyKey?: string | undefined;
}

/** For `refine`. */
export const hasItsKey = [
  ({ privacy, privacyKey }: Privacy): boolean => (privacy === 'none') === (privacyKey === undefined),
  'must have a privacyKey where privacy is not none, and only there',
] as const;

const pdu = z.discriminatedUnion('version', [
  z.strictObject({ ...outlets, ...byCommunity }),
  z.strictObject({ ...outlets, ...byUser }).refine(...hasItsKey),
]);

export const hypervisor = {
  kind: z.literal('libvirt'),
  uri: z
    .string()
    .max(255)
    .regex(
      /^[a-z][a-z0-9]*(\+[a-z0-9]+)?:\/\/\S*$/,
      'must be a URI of libvirt such as qemu+tls://kvm1/system',
    )
    .refine((uri) => !/[?&]authfile=/.test(uri), 'must not name an authfile; give username and password')
    .refine(
      isWithoutPassword,
      'must name [USER@]HOST[:PORT] and no password; give that as password, with username',
    ),
  username: line(64).optional(),
  password: line(128).optional(),
};

interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** For `refine`. */
export const hasBoth = [
  ({ username, password }: Login): boolean => (username === undefined) === (password === undefined),
  'must have both username and password, or neither',
] as const;

const libvirt = z
  .strictObject({
    ...common,
    ...hypervisor,
    domain: z
      .string()
      .regex(/^[^\s\p{Cc}-][^\p{Cc}]{0,127}$/u, 'must be the name or the UUID of the machine'),
  })
  .refine(...hasBoth);

const options = z
  .record(z.string(), line(1024))
  .refine(
    (given) => Object.keys(given).every((name) => name !== 'action' && /^[a-z][a-z0-9_-]{0,63}$/.test(name)),
    'must have options of the program, other than action',
  );

const agents = z
  .strictObject({
    ...common,
    kind: z.literal('agents'),
    program: z.string().regex(/^fence_[a-z0-9_]{1,60}$/, 'must be a program such as fence_idrac'),
    options: options.superRefine((given, context) => {
      for (const name of Object.keys(given).filter(isSecretOption))
        context.addIssue({ code: 'custom', path: [name], message: 'belongs under secrets' });
    }),
    secrets: options.optional(),
  })
  .refine(
    ({ options, secrets }) => Object.keys(secrets ?? {}).every((name) => !Object.hasOwn(options, name)),
    'must not have the same name in options and secrets',
  );

// A message on a disk is proven by time, not by an answer: whose power the disk has does not matter.
const sbd = z.strictObject({ ...calls, kind: z.literal('sbd') });

// Whether they are allowed is no matter of form: `fence_test_only`.
const testOnly = z.literal(true).optional();

const ssh = z.strictObject({
  ...calls,
  kind: z.literal('ssh'),
  testOnly,
  address: addressSchema,
  port: z.int().min(1).max(65_535).optional(),
  username: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be the name of a user'),
  identityFile: pathSchema,
  knownHosts: pathSchema.optional(),
});

const nothing = z.strictObject({ ...calls, kind: z.literal('null'), testOnly });

const fenceDeviceSchema = z.discriminatedUnion('kind', [ipmi, pdu, libvirt, agents, sbd, ssh, nothing]);

export const fenceSchema = z.union([
  fenceDeviceSchema,
  z.array(fenceDeviceSchema).min(1, 'must be one device at least').max(8, 'must be at most 8 devices'),
]);

type FenceDevice = z.output<typeof fenceDeviceSchema>;

export const fenceDevicesOf = (fence: z.output<typeof fenceSchema>): readonly FenceDevice[] =>
  Array.isArray(fence) ? fence : [fence];

/** What this device switches, so that two nodes do not share it: who fences one must not put the other out. */
export function switchesOf(device: FenceDevice): readonly string[] {
  switch (device.kind) {
    case 'ipmi':
      return [`${device.address}:${device.port ?? 623}`];
    case 'pdu':
      return device.outlets.map((outlet) => `${device.address}:${device.port ?? 161} outlet ${outlet}`);
    case 'libvirt':
      return [`${device.uri} ${device.domain}`];
    case 'agents': {
      const { ip, ipaddr, plug, port } = device.options;
      return [[device.program, ip ?? ipaddr, plug ?? port].filter((part) => part !== undefined).join(' ')];
    }
    case 'ssh':
      return [`${device.address}:${device.port ?? 22} by ssh`];
    case 'null':
      return [];
    case 'sbd':
      // The disks are everybody's: a message is for one node only.
      return [];
  }
}

export const addressesOf = (device: FenceDevice): readonly string[] =>
  'address' in device ? [device.address] : [];
