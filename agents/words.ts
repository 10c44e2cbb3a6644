import * as z from 'zod';
import { canonicalAddress } from '../src/model/index.ts';

/**
 * Schemas of the words that several agents are given. They become names of files, of devices and arguments of
 * programs: each is narrow enough to mean nothing else there.
 */
export const poolName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,63}$/);
export const volumeGroupName = z.string().regex(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,126}$/);
/** An LVM volume's name; LVM reserves a few more words itself. */
export const volumeName = z.string().regex(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,126}$/);
export const blockDevicePath = z
  .string()
  .regex(/^\/dev\/[a-zA-Z0-9_.:/+@-]+$/)
  .refine((path) => !path.includes('..'), 'two dots in a row');
/** The name of an iSCSI target or initiator (RFC 3722: lower case; RFC 3720 3.2.6.3: at most 223 bytes). */
export const iscsiName = z
  .string()
  .max(223)
  .regex(/^(iqn\.[0-9]{4}-[0-9]{2}\.[a-z0-9.:_-]+|eui\.[0-9a-f]{16}|naa\.[0-9a-f]{16,32})$/i)
  .refine((name) => !name.includes('..'), 'two dots in a row');
export const ipv4Address = z.ipv4();

/** Of either family; IPv6 in the one form that the kernel writes too, since texts are compared. */
export const ipAddress = z.union([
  ipv4Address,
  z.ipv6().refine((address) => canonicalAddress(address) === address, 'not in the form of RFC 5952'),
]);
export const tcpPort = z.int().min(1).max(65535);
/** Of a power device: an IPv4 address or a host name; neither can be taken for an option. */
export const boardAddress = z.union([ipv4Address, z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,252}$/)]);
