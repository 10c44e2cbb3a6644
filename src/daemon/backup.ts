import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { canonical, intentOf, readIntent } from '../engine/index.ts';
import {
  BACKUP_VERSION,
  failed,
  failure,
  success,
  type ClusterConfig,
  type ConfigBackup,
  type Failure,
  type Milliseconds,
  type RestorableIntent,
  type Result,
} from '../model/index.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Of AES-GCM, as NIST SP 800-38D recommends them. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** RFC 7914 with 128 MiB for each key: what a thief of the file has to pay for each passphrase that he tries. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 192 * 1024 * 1024 };
/** Bytes of an intent: ten thousand LUNs take a tenth of it. */
const MOST = 64 * 1024 * 1024;

const derive = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt);
const compress = promisify<Buffer, Buffer>(gzip);
const expand = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);

type Head = Omit<ConfigBackup, 'sealed'>;

const keyOf = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  // Composed, so that it does not matter on which keyboard it was typed.
  derive(passphrase.normalize('NFC'), salt, KEY_BYTES, SCRYPT);

const headBytes = (head: Head): Buffer => Buffer.from(canonical(head), 'utf8');

/** What the configuration asks for, sealed with the passphrase. */
export async function sealBackup(
  config: ClusterConfig,
  passphrase: string,
  now: Milliseconds,
): Promise<ConfigBackup> {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const head: Head = {
    format: 'keelson-config',
    version: BACKUP_VERSION,
    clusterId: config.clusterId,
    clusterName: config.clusterName,
    revision: config.revision,
    savedAt: now,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
  };
  const content = await compress(Buffer.from(canonical(intentOf(config)), 'utf8'));
  const cipher = createCipheriv(CIPHER, await keyOf(passphrase, salt), nonce).setAAD(headBytes(head));
  const sealed = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  return { ...head, sealed: sealed.toString('base64') };
}

const damaged = (what: string): Result<never> => failed(failure('backup_damaged', what));

/** What is sealed in it; a backup that was changed at any place is not opened. */
export async function openBackup(
  { sealed, ...head }: ConfigBackup,
  passphrase: string,
): Promise<Result<RestorableIntent>> {
  const [salt, nonce, content] = [head.salt, head.nonce, sealed].map((text) => Buffer.from(text, 'base64'));
  if (salt?.length !== SALT_BYTES || nonce?.length !== NONCE_BYTES || content === undefined)
    return damaged('its salt or nonce has another length');
  if (content.length <= TAG_BYTES) return damaged('what is sealed is not whole');
  const decipher = createDecipheriv(CIPHER, await keyOf(passphrase, salt), nonce, {
    authTagLength: TAG_BYTES,
  })
    .setAAD(headBytes(head))
    .setAuthTag(content.subarray(-TAG_BYTES));
  let opened: Buffer;
  try {
    opened = Buffer.concat([decipher.update(content.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return failed(failure('backup_locked', `the backup of ${head.clusterName} is not opened by it`));
  }
  try {
    const text = (await expand(opened, { maxOutputLength: MOST })).toString('utf8');
    const read = readIntent(JSON.parse(text));
    return read.ok ? success(read.value) : damaged(read.failure.message);
  } catch (problem) {
    return damaged(`what is sealed cannot be read: ${(problem as Error).message}`);
  }
}

/** Why this cluster is not given what the backup holds. */
export function foreignTo(
  { clusterId, clusterName }: ClusterConfig,
  backup: ConfigBackup,
): Failure | undefined {
  if (backup.clusterId === clusterId) return undefined;
  const other = `of the cluster ${backup.clusterName} (${backup.clusterId.slice(0, 8)})`;
  return failure(
    'backup_foreign',
    `it is ${other}, and this one is ${clusterName} (${clusterId.slice(0, 8)})`,
  );
}
