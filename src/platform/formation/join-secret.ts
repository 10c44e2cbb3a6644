import { failed, failure, success, type Result } from '../../model/index.ts';

/** What a person carries from the first node to the second: whom to trust, and how to be trusted. */
export interface JoinSecret {
  /** SHA-256 of the first node's certificate, 64 lower-case hex digits. */
  readonly fingerprint: string;
  readonly secret: string;
}

export function encodeJoinSecret({ fingerprint, secret }: JoinSecret): string {
  return Buffer.from(JSON.stringify({ fingerprint, secret }), 'utf8').toString('base64url');
}

/** `join_secret_wrong` where the text was not made by `encodeJoinSecret`. */
export function decodeJoinSecret(text: string): Result<JoinSecret> {
  try {
    const value = JSON.parse(Buffer.from(text.trim(), 'base64url').toString('utf8')) as Partial<JoinSecret>;
    const { fingerprint, secret } = value;
    if (typeof fingerprint === 'string' && /^[0-9a-f]{64}$/.test(fingerprint) && typeof secret === 'string') {
      return success({ fingerprint, secret });
    }
  } catch {
    // Falls through: what cannot be read is as wrong as what does not fit.
  }
  return failed(failure('join_secret_wrong', 'the text is no join secret; copy it whole'));
}
