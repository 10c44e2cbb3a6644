import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';
import { groupId, writeOwned } from './owned-file.ts';

/** SHA-256 over the DER form, as 64 lower-case hex digits: what a join secret names. */
export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** Undefined unless both files are there, can be read and belong together. */
async function presentFingerprint(keyFile: string, certificateFile: string): Promise<string | undefined> {
  try {
    const certificate = new X509Certificate(await readFile(certificateFile));
    const key = createPrivateKey(await readFile(keyFile));
    return certificate.checkPrivateKey(key) ? fingerprintOf(certificate.raw) : undefined;
  } catch {
    return undefined;
  }
}

/** Of the certificate in that folder; undefined where it, or its key, cannot be used. */
export const certificateFingerprint = (folder: string): Promise<string | undefined> =>
  presentFingerprint(join(folder, 'api.key'), join(folder, 'api.crt'));

const subjectAlternativeName = (names: readonly string[]): string =>
  names.map((name) => (isIP(name) === 0 ? `DNS:${name}` : `IP:${name}`)).join(',');

export interface CertificateOptions {
  readonly run?: Run;
  /** Group that may read the key; the default is that of the API process, where it exists. */
  readonly group?: number | undefined;
}

/**
 * Makes api.key (0640) and api.crt (0644) in the folder unless they are there: EC P-256, signed by itself, ten years,
 * for these host names and addresses (at least one; the first is the subject). Resolves with the fingerprint.
 */
export async function ensureCertificate(
  folder: string,
  names: readonly [string, ...string[]],
  options: CertificateOptions = {},
): Promise<Result<string>> {
  const run = options.run ?? createRun(60_000);
  const keyFile = join(folder, 'api.key');
  const certificateFile = join(folder, 'api.crt');
  const present = await presentFingerprint(keyFile, certificateFile);
  if (present !== undefined) return success(present);
  await mkdir(folder, { recursive: true });
  // mkdtemp's folder is for its owner only: the key is secret from its first byte on.
  const workshop = await mkdtemp(join(folder, '.certificate-'));
  try {
    const [newKey, newCertificate] = [join(workshop, 'key'), join(workshop, 'crt')];
    const made = await runSuccessfully(run, 'openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-sha256'],
      ...['-days', '3650', '-subj', `/CN=${names[0]}`],
      ...['-addext', `subjectAltName=${subjectAlternativeName(names)}`],
      ...['-keyout', newKey, '-out', newCertificate],
    ]);
    if (!made.ok) return made;
    const group = options.group ?? (await groupId());
    const keyWritten = await writeOwned(keyFile, await readFile(newKey, 'utf8'), 0o640, group);
    if (!keyWritten.ok) return keyWritten;
    const certificate = await readFile(newCertificate, 'utf8');
    const certificateWritten = await writeOwned(certificateFile, certificate, 0o644);
    if (!certificateWritten.ok) return certificateWritten;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  const fingerprint = await presentFingerprint(keyFile, certificateFile);
  return fingerprint === undefined
    ? failed(failure('host_setup_failed', `${certificateFile} is not what openssl should have made`))
    : success(fingerprint);
}
