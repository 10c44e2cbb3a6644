import { connect } from 'node:net';
import { failed, failure, success, within, type Result } from '../../model/index.ts';
import { decodeWitnessSecret } from '../formation/join-secret.ts';
import { askPinned } from '../formation/pinned.ts';

/** Paths of the set-up that `keelson-witness setup` serves. */
export const PATHS = { authority: '/api/v1/authority', certificate: '/api/v1/certificate' } as const;

export interface WitnessQuestion {
  readonly address: string;
  /** The witness secret as a person was shown it. */
  readonly secret: string;
  readonly cluster: string;
  /** A certificate request (DER), where there is one already. */
  readonly request: Buffer | undefined;
  /** Milliseconds; the default is 120 s, because a small machine takes its time to sign. */
  readonly timeout?: number;
}

/**
 * Asks the set-up of the witness. `authority`: its certificate authority (PEM), and nothing is changed there;
 * `certificate`: the request signed (PEM). Failures: `witness_secret_wrong`, `witness_secret_expired`,
 * `witness_setup_unreachable`, `witness_name_taken`, and what else the witness answers with.
 */
export async function askWitness(
  question: WitnessQuestion,
  what: keyof typeof PATHS,
): Promise<Result<string>> {
  const { address, cluster, request, timeout = 120_000 } = question;
  const decoded = decodeWitnessSecret(question.secret);
  if (!decoded.ok) return decoded;
  const { fingerprint, secret, port } = decoded.value;
  const answered = await askPinned(
    { address, port, fingerprint, timeout },
    {
      path: PATHS[what],
      body: { secret, cluster, ...(request === undefined ? {} : { request: request.toString('base64') }) },
      member: what,
      forbidden: 'witness_secret_wrong',
    },
  );
  if (answered.ok) return answered;
  const { code, message } = answered.failure;
  if (code === 'peer_unreachable') return failed(failure('witness_setup_unreachable', message));
  if (code !== 'peer_not_trusted') return failed(within('the witness', answered.failure));
  const why = 'the secret is another witness’s, or of an earlier set-up';
  return failed(failure('witness_secret_wrong', `${message} than the secret names: ${why}`));
}

/** corosync-qnetd's; corosync.conf would have to name another one. */
const QNETD_PORT = 5403;

/** Whether somebody listens where corosync-qnetd should; `witness_unreachable` otherwise. */
export function checkReachable(
  address: string,
  { port = QNETD_PORT, timeout = 5000 }: { readonly port?: number; readonly timeout?: number } = {},
): Promise<Result<void>> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const unreachable = (why: string): void => {
      socket.destroy();
      resolve(
        failed(failure('witness_unreachable', `corosync-qnetd at ${address}:${port} is not reached: ${why}`)),
      );
    };
    socket.setTimeout(timeout, () => unreachable('no answer in time'));
    socket.once('error', (error) => unreachable(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve(success(undefined));
    });
  });
}
