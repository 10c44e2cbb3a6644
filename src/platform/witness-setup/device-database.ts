import type { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { writeOwned } from '../formation/owned-file.ts';
import { runSuccessfully, type Run } from '../processes/run.ts';
import {
  AUTHORITY,
  CLUSTER_CERTIFICATE,
  hasFiles,
  isFor,
  isIssuedBy,
  nssDatabase,
  readCertificate,
  readRequest,
} from './nss-database.ts';

const TOOL = 'corosync-qdevice-net-certutil';

/**
 * The database that corosync-qdevice reads, in steps of Corosync's own tool; the names of files are that tool's, or of
 * its manual. The tool refuses a database that is there, and ends with 0 whatever became of it.
 */
export function createDeviceDatabase(folder: string, run: Run, tell: (line: string) => void) {
  const database = join(folder, 'nssdb');
  const authorityFile = join(database, 'qnetd-cacert.crt');
  const requestFile = join(database, 'qdevice-net-node.crq');
  const identityFile = join(database, 'qdevice-net-node.p12');
  const originFile = join(database, 'keelson-origin');
  const nss = nssDatabase(database, run);

  /** Runs a step, and looks whether it did what it should. */
  async function step(
    option: string,
    args: readonly string[],
    isDone: () => Promise<boolean>,
  ): Promise<Result<void>> {
    const ran = await runSuccessfully(run, TOOL, [option, ...args]);
    if (!ran.ok) return ran;
    if (await isDone()) return success(undefined);
    const said = ran.value.trim().split('\n').slice(-2).join('; ').slice(0, 300);
    return failed(failure('host_setup_failed', `${TOOL} ${option} did not do it in ${database}: ${said}`));
  }

  const trusts = async (authority: X509Certificate | undefined): Promise<boolean> =>
    authority !== undefined &&
    (await nss.certificate(AUTHORITY))?.fingerprint256 === authority.fingerprint256;

  /** The authority whose certificate for this cluster is here, with its key; undefined where there is none that is whole. */
  async function completeFor(cluster: string): Promise<X509Certificate | undefined> {
    const authority = await nss.certificate(AUTHORITY);
    const own = authority && (await nss.certificate(CLUSTER_CERTIFICATE));
    if (authority === undefined || own === undefined) return undefined;
    const fits = isIssuedBy(own, authority) && isFor(own, cluster) && (await nss.hasKey(CLUSTER_CERTIFICATE));
    return fits ? authority : undefined;
  }

  /** The request for this cluster whose key is here, such as an interrupted attempt leaves it. */
  async function requestFor(cluster: string): Promise<Buffer | undefined> {
    const present = await readFile(requestFile).catch(() => undefined);
    if (present === undefined) return undefined;
    const request = await readRequest(requestFile, run);
    return request.ok && request.value.cluster === cluster ? present : undefined;
  }

  return {
    trusts,
    completeFor,
    requestFor,

    /** Makes it anew, with this authority (PEM); one that is there is kept beside it. */
    async begin(authority: string): Promise<Result<void>> {
      if (await hasFiles(database)) {
        const replaced = `${database}.replaced`;
        await rm(replaced, { recursive: true, force: true });
        await rename(database, replaced);
        tell(`certificates of another witness or cluster, or half made ones, are now in ${replaced}`);
      }
      // For root alone before anything is in it: what the tool makes is more open.
      await mkdir(database, { recursive: true, mode: 0o700 });
      const written = await writeOwned(authorityFile, authority, 0o600);
      if (!written.ok) return written;
      return step('-i', ['-c', authorityFile], () => trusts(readCertificate(authority)));
    },

    async request(cluster: string): Promise<Result<Buffer>> {
      const made = await step('-r', ['-n', cluster], async () => (await requestFor(cluster)) !== undefined);
      return made.ok ? success(await readFile(requestFile)) : made;
    },

    /** Puts the signed certificate (PEM) to its key, and both into a file for the other nodes. */
    async complete(cluster: string, certificate: string): Promise<Result<void>> {
      const signed = join(database, `cluster-${cluster}.crt`);
      const written = await writeOwned(signed, certificate, 0o600);
      if (!written.ok) return written;
      await rm(identityFile, { force: true });
      const isDone = async (): Promise<boolean> => (await completeFor(cluster)) !== undefined;
      const done = await step('-M', ['-c', signed], isDone);
      // Where its key is not here, the next attempt is not to come to the same end.
      if (!done.ok) await rm(requestFile, { force: true });
      return done;
    },

    /** Takes certificate and key (PKCS #12) from another node. */
    async take(cluster: string, identity: Buffer): Promise<Result<void>> {
      const written = await writeOwned(identityFile, identity, 0o600);
      if (!written.ok) return written;
      return step('-m', ['-c', identityFile], async () => (await completeFor(cluster)) !== undefined);
    },

    /** Certificate and key for the other nodes; undefined where the file is not there. */
    async identity(): Promise<Buffer | undefined> {
      const bytes = await readFile(identityFile).catch(() => undefined);
      return bytes === undefined || bytes.length === 0 ? undefined : bytes;
    },

    /** Makes that file from a certificate that was imported by hand, as the tool makes it. */
    async exportIdentity(): Promise<Result<void>> {
      const exported = await runSuccessfully(run, 'pk12util', [
        ...['-d', database, '-o', identityFile, '-W', '', '-n', CLUSTER_CERTIFICATE],
      ]);
      return exported.ok ? success(undefined) : exported;
    },

    /** Which set-up of a witness the certificate came from: the fingerprint that its secret names. */
    origin: async (): Promise<string> => (await readFile(originFile, 'utf8').catch(() => '')).trim(),
    setOrigin: (fingerprint: string): Promise<Result<void>> =>
      writeOwned(originFile, `${fingerprint}\n`, 0o600),
  };
}
