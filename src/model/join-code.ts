import { failure } from './failure.ts';
import { failed, success, type Result } from './result.ts';

/**
 * What a person carries from a blank node to the one where `keelson setup` runs: 35 letters and digits in seven groups.
 * 128 random bits, the node's IPv4 address, and 15 bits that tell a slip of the finger. The certificate is not in it: both
 * sides prove that they have the code, bound to the certificate that is shown (platform/doctor/proof.ts).
 */
export interface JoinCode {
  /** 32 lower-case hex digits. */
  readonly secret: string;
  readonly address: string;
}

/** Crockford's base 32: no I, L, O and U, which eyes and ears mistake. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 35;
const GROUP = 5;
const CHECK_BITS = 15n;
/** CRC-15 as of CAN (ISO 11898-1): every mistake within three letters side by side is found. */
const POLYNOMIAL = 0x4599;

/** Over the 160 bits, most significant first. */
function checkOf(payload: bigint): bigint {
  let rest = 0;
  for (let bit = 159n; bit >= 0n; bit -= 1n) {
    const next = Number((payload >> bit) & 1n) ^ (rest >> 14);
    rest = (rest << 1) & 0x7fff;
    if (next === 1) rest ^= POLYNOMIAL;
  }
  return BigInt(rest);
}

export function encodeJoinCode({ secret, address }: JoinCode): string {
  const place = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const payload = (BigInt(`0x${secret}`) << 32n) | place;
  let value = (payload << CHECK_BITS) | checkOf(payload);
  let text = '';
  for (let count = 0; count < LENGTH; count += 1) {
    text = (letters[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return (text.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-');
}

/** Blanks, hyphens and small letters do not matter, nor O for 0, nor I and L for 1. `join_code_wrong`. */
export function decodeJoinCode(typed: string): Result<JoinCode> {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const wrong = (why: string): Result<never> => failed(failure('join_code_wrong', why));
  if (text.length !== LENGTH)
    return wrong(`the join code has ${LENGTH} letters and digits, and this has ${text.length}`);
  let value = 0n;
  for (const letter of text) {
    const digit = letters.indexOf(letter);
    if (digit < 0) return wrong('the join code has letters and digits only, and no U');
    value = value * 32n + BigInt(digit);
  }
  const payload = value >> CHECK_BITS;
  if (checkOf(payload) !== (value & 0x7fffn)) return wrong('the join code is mistyped');
  const address = [24n, 16n, 8n, 0n].map((shift) => String((payload >> shift) & 255n)).join('.');
  return success({ secret: (payload >> 32n).toString(16).padStart(32, '0'), address });
}
