import { timingSafeEqual } from 'node:crypto';
import { failed, failure, success, type Result } from '../../model/index.ts';

/** What a person carries from the first node to the second: whom to trust, and how to be trusted. */
export interface JoinSecret {
  /** SHA-256 of the first node's certificate, 64 lower-case hex digits. */
  readonly fingerprint: string;
  readonly secret: string;
}

/** What a person carries from the witness to the first node; the certificate is that of the witness's set-up. */
export interface WitnessSecret extends JoinSecret {
  /** Where the set-up listens. */
  readonly port: number;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

export const encodeJoinSecret = ({ fingerprint, secret }: JoinSecret): string =>
  encode({ fingerprint, secret });

export const encodeWitnessSecret = ({ fingerprint, secret, port }: WitnessSecret): string =>
  encode({ fingerprint, secret, port });

/** What it holds, where it was made by one of those above. */
function decode(text: string): (JoinSecret & { readonly port: unknown }) | undefined {
  try {
    const value = JSON.parse(
      Buffer.from(text.trim(), 'base64url').toString('utf8'),
    ) as Partial<WitnessSecret>;
    const { fingerprint, secret, port } = value;
    if (typeof fingerprint === 'string' && /^[0-9a-f]{64}$/.test(fingerprint) && typeof secret === 'string') {
      return { fingerprint, secret, port };
    }
  } catch {
    // Falls through: what cannot be read is as wrong as what does not fit.
  }
  return undefined;
}

/** `join_secret_wrong` where the text was not made by `encodeJoinSecret`. */
export function decodeJoinSecret(text: string): Result<JoinSecret> {
  const { fingerprint, secret, port } = decode(text) ?? {};
  if (port !== undefined)
    return failed(failure('join_secret_wrong', 'the text is a witness secret, and no join secret'));
  return fingerprint === undefined || secret === undefined
    ? failed(failure('join_secret_wrong', 'the text is no join secret; copy it whole'))
    : success({ fingerprint, secret });
}

/** `witness_secret_wrong` where the text was not made by `encodeWitnessSecret`. */
export function decodeWitnessSecret(text: string): Result<WitnessSecret> {
  const { fingerprint, secret, port } = decode(text) ?? {};
  if (fingerprint === undefined || secret === undefined)
    return failed(failure('witness_secret_wrong', 'the text is no witness secret; copy it whole'));
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
    return failed(failure('witness_secret_wrong', 'the text is a join secret, and no witness secret'));
  return success({ fingerprint, secret, port });
}

/** Compares without telling by its duration how much was right. */
export function isSameSecret(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
