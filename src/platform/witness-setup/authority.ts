import type { X509Certificate } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { groupId } from '../formation/owned-file.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';
import {
  AUTHORITY,
  hasFiles,
  isFor,
  isIssuedBy,
  nssDatabase,
  publicKeyOf,
  readCertificate,
  readRequest,
  WITNESS_CERTIFICATE,
} from './nss-database.ts';
import { connectedClusters } from './qnetd.ts';

export interface AuthorityOptions {
  /** Where corosync-qnetd's database lies; its tool knows only the default, /etc/corosync/qnetd. */
  readonly folder?: string;
  readonly run?: Run;
  /** Told of what is put aside. */
  readonly tell?: (line: string) => void;
}

/** The witness's own certificate authority, which signs for clusters. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** Whether the database was made just now. */
  readonly isNew: boolean;
  /** Whether this cluster may have a certificate; a request with the key that has one already may. Changes nothing. */
  examine(cluster: string, request: Buffer | undefined): Promise<Result<void>>;
  /** The certificate, PEM. The same request gives the same one. */
  sign(cluster: string, request: Buffer): Promise<Result<string>>;
}

const TOOL = 'corosync-qnetd-certutil';
/** As whom corosync-qnetd runs (Debian's). */
const GROUP = 'coroqnetd';

/**
 * Opens corosync-qnetd's database, made first where there is none: Debian's package makes one when it is installed, but
 * not in an image. One that an interrupted attempt left half made has signed nothing, and is put aside. `replace`: the
 * cluster of this name loses its right to the name.
 */
export async function openAuthority(
  replace: string | undefined,
  { folder = '/etc/corosync/qnetd', run = createRun(300_000), tell = () => undefined }: AuthorityOptions = {},
): Promise<Result<Authority>> {
  const database = join(folder, 'nssdb');
  const nss = nssDatabase(database, run);

  async function whole(): Promise<X509Certificate | undefined> {
    const authority = await nss.certificate(AUTHORITY);
    const own = authority && (await nss.certificate(WITNESS_CERTIFICATE));
    if (authority === undefined || own === undefined || !isIssuedBy(own, authority)) return undefined;
    return (await nss.hasKey(AUTHORITY)) && (await nss.hasKey(WITNESS_CERTIFICATE)) ? authority : undefined;
  }

  async function make(): Promise<Result<X509Certificate>> {
    if (await hasFiles(database)) {
      if ((await readdir(database)).some((name) => /^cluster-.*\.crt$/.test(name)))
        return failed(
          failure(
            'host_setup_failed',
            `${database} is damaged, and has signed for clusters: restore it, or move it away and set them up anew`,
          ),
        );
      const aside = `${database}.incomplete`;
      await rm(aside, { recursive: true, force: true });
      await rename(database, aside);
      tell(`a database that was half made is now ${aside}`);
    }
    const made = await runSuccessfully(run, TOOL, ['-i', '-G']);
    if (!made.ok) return made;
    const authority = await whole();
    if (authority === undefined)
      return failed(failure('host_setup_failed', `${TOOL} -i did not make a whole ${database}`));
    const group = await groupId(GROUP);
    if (group !== undefined)
      for (const name of ['', 'cert9.db', 'key4.db', 'pkcs11.txt'])
        await chown(join(database, name), 0, group);
    return success(authority);
  }

  const present = await whole();
  const opened = present === undefined ? await make() : success(present);
  if (!opened.ok) return opened;
  const authority = opened.value;

  const fileOf = (cluster: string): string => join(database, `cluster-${cluster}.crt`);

  /** The certificate that was signed for this name last; undefined where there is none of this authority. */
  async function signedFor(cluster: string): Promise<X509Certificate | undefined> {
    const bytes = await readFile(fileOf(cluster)).catch(() => undefined);
    const certificate = bytes && readCertificate(bytes);
    const isOurs =
      certificate !== undefined && isIssuedBy(certificate, authority) && isFor(certificate, cluster);
    return isOurs ? certificate : undefined;
  }

  async function mayHave(
    cluster: string,
    publicKey: string | undefined,
  ): Promise<Result<X509Certificate | undefined>> {
    const signed = await signedFor(cluster);
    if (signed !== undefined && publicKeyOf(signed) === publicKey) return success(signed);
    if (replace === cluster) return success(undefined);
    const taken = (why: string): Result<never> =>
      failed(failure('witness_name_taken', `a cluster ${cluster} ${why}, and has another key`));
    if (signed !== undefined) return taken('has a certificate of this witness');
    const connected = await connectedClusters(run);
    if (!connected.ok) return connected;
    return connected.value.some(({ name }) => name === cluster)
      ? taken('is connected to this witness')
      : success(undefined);
  }

  /** With the request in a file for root alone. */
  async function withRequest<Value>(
    cluster: string,
    request: Buffer,
    use: (file: string, publicKey: string) => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    const workshop = await mkdtemp(join(tmpdir(), 'keelson-witness-'));
    try {
      const file = join(workshop, 'request');
      await writeFile(file, request, { mode: 0o600 });
      const read = await readRequest(file, run);
      if (!read.ok) return failed(failure('body_invalid', 'the certificate request cannot be read'));
      // Corosync-qnetd tells clusters apart by this name, so it is what was asked for, and nothing else.
      return read.value.cluster === cluster
        ? await use(file, read.value.publicKey)
        : failed(failure('body_invalid', `the certificate request is for another cluster than ${cluster}`));
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }

  return success({
    certificate: authority.toString(),
    isNew: present === undefined,
    async examine(cluster, request) {
      const may =
        request === undefined
          ? await mayHave(cluster, undefined)
          : await withRequest(cluster, request, (_file, publicKey) => mayHave(cluster, publicKey));
      return may.ok ? success(undefined) : may;
    },
    sign: (cluster, request) =>
      withRequest(cluster, request, async (file, publicKey) => {
        const may = await mayHave(cluster, publicKey);
        if (!may.ok) return may;
        if (may.value !== undefined) return success(may.value.toString());
        // The tool ends with 0 where it signed nothing: what is there afterwards must be new.
        await rm(fileOf(cluster), { force: true });
        const ran = await runSuccessfully(run, TOOL, ['-s', '-G', '-c', file, '-n', cluster]);
        if (!ran.ok) return ran;
        const signed = await signedFor(cluster);
        return signed !== undefined && publicKeyOf(signed) === publicKey
          ? success(signed.toString())
          : failed(failure('host_setup_failed', `${TOOL} -s signed nothing`));
      }),
  });
}

/** The clusters that have a certificate of this witness. */
export async function signedClusters(folder = '/etc/corosync/qnetd'): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'nssdb')).catch(() => []);
  return names.flatMap((name) => /^cluster-(.+)\.crt$/.exec(name)?.[1] ?? []).toSorted();
}
