import { createHash, timingSafeEqual } from 'node:crypto';
import { failed, failure, success, type Result } from '../model/index.ts';

const bearer = /^Bearer +([^\s]+)$/i;

/**
 * Compares the SHA-256 of the token sent with the known one, in constant time. `hash` is lower-case hex;
 * undefined (no token was ever made) admits nobody. Fails with `token_missing` or `token_wrong`.
 */
export function checkToken(authorization: string | undefined, hash: string | undefined): Result<undefined> {
  const token = bearer.exec(authorization ?? '')?.[1];
  if (token === undefined)
    return failed(failure('token_missing', 'No bearer token in the header Authorization'));
  const sent = createHash('sha256').update(token).digest();
  const known = Buffer.from(hash?.trim() ?? '', 'hex');
  if (known.length === sent.length && timingSafeEqual(sent, known)) return success(undefined);
  return failed(
    failure('token_wrong', hash === undefined ? 'This node knows no token yet' : 'Another token is expected'),
  );
}
