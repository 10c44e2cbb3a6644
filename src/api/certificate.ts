import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createSecureContext } from 'node:tls';

export interface Certificate {
  /** PEM. */
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** Certificate and key are two files, written one after the other: changes this close together (ms) are one. */
const settle = 200;

/** The pair on disk; undefined where it is not there, or half written (a key that does not fit the certificate). */
async function readPair(paths: CertificatePaths): Promise<Certificate | undefined> {
  try {
    const [certificate, key] = await Promise.all([readFile(paths.certificate), readFile(paths.key)]);
    createSecureContext({ cert: certificate, key });
    return { certificate, key };
  } catch {
    return undefined;
  }
}

export interface CertificatePaths {
  readonly certificate: string;
  readonly key: string;
}

/**
 * Tells of the pair as soon as it is there and each time it has changed. Both files lie in one directory, which
 * must exist; it is watched (rather than the files) because files are replaced by renaming. Throws where it cannot be watched.
 */
export function followCertificate(
  paths: CertificatePaths,
  changed: (pair: Certificate) => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let last: Certificate | undefined;
  const look = async (): Promise<void> => {
    const pair = await readPair(paths);
    if (pair === undefined) return;
    if (last?.certificate.equals(pair.certificate) === true && last.key.equals(pair.key)) return;
    last = pair;
    changed(pair);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), settle);
  };
  const names = new Set([basename(paths.certificate), basename(paths.key)]);
  // Watched before the first look, so that nothing falls in between.
  const watcher: FSWatcher = watch(dirname(paths.certificate), (_event, name) => {
    if (name === null || names.has(name)) soon();
  });
  void look();
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
