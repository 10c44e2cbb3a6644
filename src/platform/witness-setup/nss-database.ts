import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { runSuccessfully, type Run } from '../processes/run.ts';

/** The names that corosync-qnetd and corosync-qdevice look for in their databases. */
export const AUTHORITY = 'QNet CA';
export const WITNESS_CERTIFICATE = 'QNetd Cert';
export const CLUSTER_CERTIFICATE = 'Cluster Cert';

/**
 * Corosync's tools make and fill these databases of NSS, and end with 0 whatever became of it: so what is in one counts,
 * and not what a tool says.
 */
export interface NssDatabase {
  /** Undefined where the database has no such certificate, or there is no database. */
  certificate(name: string): Promise<X509Certificate | undefined>;
  /** Whether it has the key of this certificate too. */
  hasKey(name: string): Promise<boolean>;
}

export function nssDatabase(folder: string, run: Run): NssDatabase {
  return {
    async certificate(name) {
      const shown = await run('certutil', ['-L', '-d', folder, '-n', name, '-a']);
      if (!shown.ok || shown.value.exitCode !== 0) return undefined;
      return readCertificate(shown.value.stdout);
    },
    async hasKey(name) {
      const shown = await run('certutil', ['-K', '-d', folder, '-f', join(folder, 'pwdfile.txt')]);
      if (!shown.ok || shown.value.exitCode !== 0) return false;
      // `< 0> rsa      835e...b2f3   NSS Certificate DB:Cluster Cert`, or without the name of the database.
      const names = shown.value.stdout
        .split('\n')
        .map((line) => /^<\s*\d+>\s+\S+\s+[0-9a-f]+\s+(.+?)\s*$/.exec(line)?.[1]);
      return names.some((one) => one === name || one?.endsWith(`:${name}`) === true);
    },
  };
}

/** Anything of a database, whole or not. */
export async function hasFiles(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}

/** PEM, or DER. Undefined where it is no certificate. */
export function readCertificate(text: string | Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

export const isIssuedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.verify(authority.publicKey);

/** For one cluster: corosync-qnetd compares the name with the one that the cluster gives itself. */
export const isFor = (certificate: X509Certificate, cluster: string): boolean =>
  certificate.subject === `CN=${cluster}`;

export interface SigningRequest {
  /** As `publicKeyOf` gives it. */
  readonly publicKey: string;
  readonly cluster: string;
}

/** SPKI as PEM. */
export const publicKeyOf = (certificate: X509Certificate): string =>
  certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();

/** Reads a certificate request (DER, in a file) whose signature is right; `command_failed` where it is none. */
export async function readRequest(path: string, run: Run): Promise<Result<SigningRequest>> {
  const shown = await runSuccessfully(run, 'openssl', [
    ...['req', '-inform', 'DER', '-in', path, '-noout', '-verify'],
    ...['-subject', '-nameopt', 'RFC2253', '-pubkey'],
  ]);
  if (!shown.ok) return shown;
  const publicKey = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/.exec(shown.value)?.[0];
  const cluster = /^subject=CN=([^,+\n]+)$/m.exec(shown.value)?.[1];
  return publicKey === undefined || cluster === undefined
    ? failed(failure('command_failed', 'the certificate request is for no cluster'))
    : success({ publicKey, cluster });
}
