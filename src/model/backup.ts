/** The version that this Keelson writes, and the latest that it reads. */
export const BACKUP_VERSION = 1;

/** Characters that a backup's passphrase has at least, and at most. */
export const PASSPHRASE = { least: 8, most: 256 } as const;

/**
 * What the cluster is asked to be, in a file. All of it is sealed, with its secrets, and opened by a passphrase; what stands
 * beside it tells people which file it is, and cannot be changed without the seal being broken.
 */
export interface ConfigBackup {
  readonly format: 'keelson-config';
  readonly version: number;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly revision: number;
  /** The time of day, in milliseconds since 1970. */
  readonly savedAt: number;
  /** For scrypt, base64: the key is made of the passphrase with it. */
  readonly salt: string;
  /** Of AES-256-GCM, base64. */
  readonly nonce: string;
  /** Base64: gzip of the intent as JSON, encrypted, with the tag of AES-256-GCM at its end. */
  readonly sealed: string;
}

/** Of which backup a configuration was brought back. */
export interface BackupOrigin {
  readonly clusterName: string;
}
