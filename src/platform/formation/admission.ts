import type { NodeName, Result } from '../../model/index.ts';
import { decodeJoinSecret } from './join-secret.ts';
import { askPinned } from './pinned.ts';

export interface Admission {
  readonly address: string;
  /** The default is 8443. */
  readonly port?: number;
  /** The join secret as `encodeJoinSecret` made it. */
  readonly secret: string;
  /** Who wants to be admitted. */
  readonly node: NodeName;
  /** Milliseconds for all of it; the default is 60 s. */
  readonly timeout?: number;
}

/**
 * Asks the API of a member (`POST /api/v1/cluster/admit` with `{ secret, node }`, the bare secret without the fingerprint) to
 * admit this node; resolves with the bundle. The certificate is compared before the secret is sent. Failures: `join_secret_wrong`,
 * `peer_not_trusted`, `peer_unreachable`, and what the peer itself answers with.
 */
export async function askAdmission(admission: Admission): Promise<Result<string>> {
  const { address, port = 8443, node, timeout = 60_000 } = admission;
  const decoded = decodeJoinSecret(admission.secret);
  if (!decoded.ok) return decoded;
  const { fingerprint, secret } = decoded.value;
  return askPinned(
    { address, port, fingerprint, timeout },
    {
      path: '/api/v1/cluster/admit',
      body: { secret, node },
      member: 'bundle',
      forbidden: 'join_secret_wrong',
    },
  );
}
