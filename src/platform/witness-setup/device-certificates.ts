import type { X509Certificate } from 'node:crypto';
import {
  failed,
  failure,
  success,
  type Milliseconds,
  type Result,
  type WitnessCredentials,
} from '../../model/index.ts';
import { decodeWitnessSecret } from '../formation/join-secret.ts';
import { createRun, type Run } from '../processes/run.ts';
import { askWitness } from './ask-witness.ts';
import { createDeviceDatabase } from './device-database.ts';
import { readCertificate } from './nss-database.ts';

export interface WitnessAsked {
  readonly cluster: string;
  readonly address: string;
  /** As `keelson-witness setup` printed it; without one, what is here already has to do. */
  readonly secret: string | undefined;
}

export interface DeviceOptions {
  /** What corosync-qdevice reads; its tool knows only the default, /etc/corosync/qdevice/net. */
  readonly folder?: string;
  readonly run?: Run;
  readonly now?: () => Milliseconds;
  /** Told of what is put aside. */
  readonly tell?: (line: string) => void;
}

export type DeviceCertificates = ReturnType<typeof createDeviceCertificates>;

/** NSS itself forgives a day. */
const FORGIVEN = 3_600_000;

interface Answered {
  readonly pem: string;
  readonly certificate: X509Certificate;
}

/** The certificates of corosync-qdevice on this node. Everything may be repeated, and goes on where it was interrupted. */
export function createDeviceCertificates({
  folder = '/etc/corosync/qdevice/net',
  run = createRun(300_000),
  now = () => Date.now() as Milliseconds,
  tell = () => undefined,
}: DeviceOptions = {}) {
  const database = createDeviceDatabase(folder, run, tell);

  /** Whether this node's clock lets it take the certificate for valid. */
  function checkClock({ subject, validFrom, validTo }: X509Certificate): Result<void> {
    const [from, until] = [Date.parse(validFrom), Date.parse(validTo)];
    if (from - FORGIVEN <= now() && now() <= until) return success(undefined);
    const [here, first, last] = [now(), from, until].map((moment) => new Date(moment).toISOString());
    return failed(
      failure('witness_clock_differs', `it is ${here} here, and ${subject} is good from ${first} to ${last}`),
    );
  }

  async function ask(
    { cluster, address }: WitnessAsked,
    secret: string,
    request: Buffer | undefined,
    what: 'authority' | 'certificate',
  ): Promise<Result<Answered>> {
    const answered = await askWitness({ cluster, address, secret, request }, what);
    if (!answered.ok) return answered;
    const certificate = readCertificate(answered.value);
    if (certificate === undefined)
      return failed(failure('witness_setup_unreachable', `${address} answers without a certificate`));
    const valid = checkClock(certificate);
    return valid.ok ? success({ pem: answered.value, certificate }) : valid;
  }

  /** What stands between this node and its certificate. Changes nothing, here or at the witness. */
  async function look(
    asked: WitnessAsked,
  ): Promise<
    Result<'nothing' | { readonly authority: Answered; readonly secret: string; readonly origin: string }>
  > {
    const { cluster, secret } = asked;
    const present = await database.completeFor(cluster);
    if (secret === undefined)
      return present !== undefined
        ? success('nothing')
        : failed(
            failure('witness_secret_missing', `this node has no certificate of ${cluster} for the witness`),
          );
    const decoded = decodeWitnessSecret(secret);
    if (!decoded.ok) return decoded;
    const origin = decoded.value.fingerprint;
    // An attempt before this one got it by this secret, which is used up now.
    if (present !== undefined && (await database.origin()) === origin) return success('nothing');
    const authority = await ask(asked, secret, await database.requestFor(cluster), 'authority');
    if (!authority.ok) return authority;
    return present?.fingerprint256 === authority.value.certificate.fingerprint256
      ? success('nothing')
      : success({ authority: authority.value, secret, origin });
  }

  /** A request whose key is here: that of an attempt before, or a new one. */
  async function requestFor(cluster: string, { certificate, pem }: Answered): Promise<Result<Buffer>> {
    const pending = await database.requestFor(cluster);
    if (pending !== undefined && (await database.trusts(certificate))) return success(pending);
    const begun = await database.begin(pem);
    return begun.ok ? database.request(cluster) : begun;
  }

  return {
    /** Whether `obtain` has what it needs. Changes nothing, here or at the witness. */
    async check(asked: WitnessAsked): Promise<Result<void>> {
      const looked = await look(asked);
      return looked.ok ? success(undefined) : looked;
    },

    /** Has the witness sign a certificate for the cluster, unless it is here already. */
    async obtain(asked: WitnessAsked): Promise<Result<void>> {
      const looked = await look(asked);
      if (!looked.ok) return looked;
      if (looked.value === 'nothing') return success(undefined);
      const { authority, secret, origin } = looked.value;
      const request = await requestFor(asked.cluster, authority);
      if (!request.ok) return request;
      const signed = await ask(asked, secret, request.value, 'certificate');
      if (!signed.ok) return signed;
      const completed = await database.complete(asked.cluster, signed.value.pem);
      return completed.ok ? database.setOrigin(origin) : completed;
    },

    /** For the other nodes of the cluster. Undefined where this node has no certificate for it. */
    async credentials(cluster: string): Promise<Result<WitnessCredentials | undefined>> {
      const authority = await database.completeFor(cluster);
      if (authority === undefined) return success(undefined);
      if ((await database.identity()) === undefined) {
        const exported = await database.exportIdentity();
        if (!exported.ok) return exported;
      }
      const identity = await database.identity();
      return identity === undefined
        ? failed(failure('host_setup_failed', 'the witness’s certificate could not be exported'))
        : success({ authority: authority.toString(), identity: identity.toString('base64') });
    },

    /** Makes this node's what another node of the cluster handed over; without it, what is here must do. */
    async install(cluster: string, given: WitnessCredentials | undefined): Promise<Result<void>> {
      const present = await database.completeFor(cluster);
      if (given === undefined)
        return present !== undefined
          ? success(undefined)
          : failed(failure('host_setup_failed', 'the other node has no certificate for the witness'));
      const identity = Buffer.from(given.identity, 'base64');
      const isSame = present?.fingerprint256 === readCertificate(given.authority)?.fingerprint256;
      if (present !== undefined && isSame && (await database.identity())?.equals(identity) === true)
        return success(undefined);
      const begun = await database.begin(given.authority);
      return begun.ok ? database.take(cluster, identity) : begun;
    },
  };
}
