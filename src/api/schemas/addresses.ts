import { z } from 'zod';

const number = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** A single host's address: not "this network" (0/8), not multicast or above (224/3). */
const belongsToOneHost = (address: string): boolean => {
  const first = Number(address.split('.')[0]);
  return first > 0 && first < 224;
};

export const addressSchema = z
  .ipv4('must be an IPv4 address such as 10.0.1.11, not a host name')
  .refine(belongsToOneHost, 'must be the address of one host');

const [smallestPrefix, largestPrefix] = [8, 30];

/** Whether `a.b.c.d/n` is a host of its own subnet: that subnet tells which interface gets the portal. */
function isHostOfSubnet(portal: string): boolean {
  const match = /^([^/]+)\/(\d{1,2})$/.exec(portal);
  const [, address = '', digits = ''] = match ?? [];
  const prefix = Number(digits);
  if (match === null || prefix < smallestPrefix || prefix > largestPrefix) return false;
  const size = 2 ** (32 - prefix);
  const host = number(address) % size;
  return host !== 0 && host !== size - 1;
}

export const portalSchema = z
  .string()
  .refine(
    (portal) => addressSchema.safeParse(portal.replace(/\/.*$/s, '')).success && isHostOfSubnet(portal),
    `must be an IPv4 address with a prefix length of ${smallestPrefix} to ${largestPrefix}, such as 10.0.3.100/24, and not the subnet's own or its broadcast address`,
  );
