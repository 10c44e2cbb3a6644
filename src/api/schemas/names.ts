import { z } from 'zod';

/** What things are called becomes a key of objects, where names like `constructor` are taken. */
function isOwn(name: string): boolean {
  return !(name in Object.prototype);
}

/** Names of clusters, nodes, pools, hosts and LUNs: they become names of volumes, resources and directories. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 characters a-z, 0-9 and hyphens, starting with a letter')
  .refine(isOwn, 'must be another name: this one means something to JavaScript');

/** A LUN's volume has its name, and LVM keeps names that begin with these words for itself (lvm(8), VALID NAMES). */
export const lunNameSchema = nameSchema.regex(
  /^(?!snapshot|pvmove)/,
  'must not begin with snapshot or pvmove, which LVM keeps for itself',
);

/** A snapshot: its LUN, an @, and what people call it. It is never the name of a volume. */
export const snapshotNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,31}@[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/,
    'must be LUN@NAME, NAME 1 to 64 characters a-z, A-Z, 0-9, dots, colons, hyphens and underscores, starting with a letter or digit',
  );

/** A resource of the engine, such as `pool-p1` or `lun-web`. */
export const resourceSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$/,
    'must be the name of a resource as `keelson status` shows it',
  )
  .refine(isOwn, 'must be the name of a resource');

export const operationIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/, 'must be the id of an operation')
  .refine(isOwn, 'must be the id of an operation');

/**
 * RFC 3720, section 3.2.6.3.1, in its normalised form (lower case, at most 223 bytes). The naming authority needs
 * a dot: tools built on rtslib refuse `iqn.2026-11.example:x`.
 */
export const iqnSchema = z
  .string()
  .max(223, 'must be at most 223 characters')
  .regex(
    /^iqn\.\d{4}-(?:0[1-9]|1[0-2])(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?){2,}(?::[a-z0-9.:-]+)?$/,
    'must have the form iqn.YYYY-MM.reversed.domain:name, in lower case, with a dot in the domain',
  );

/** Proves that a node may join; made by the first node, long and random. */
export const joinSecretSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(1024, 'must be at most 1024 characters')
  .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces');
