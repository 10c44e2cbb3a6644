import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabSettings } from '../settings.ts';

/** Who may use the PDU. Made once for each lab; in a file that only root reads. */
export interface PduCredentials {
  /** SNMP v1 and v2c. */
  readonly readCommunity: string;
  readonly writeCommunity: string;
  /** SNMP v3, authPriv with SHA and AES-128. */
  readonly user: string;
  readonly authenticationKey: string;
  readonly privacyKey: string;
}

/** Where the credentials are. */
export function pduCredentialsFile(settings: LabSettings): string {
  return join(settings.stateFolder, 'pdu', 'credentials.json');
}

/** Makes the credentials unless they exist. */
export async function ensurePduCredentials(settings: LabSettings): Promise<void> {
  const file = pduCredentialsFile(settings);
  if (existsSync(file)) return;
  const word = (): string => randomBytes(9).toString('hex');
  const credentials: PduCredentials = {
    readCommunity: word(),
    writeCommunity: word(),
    user: 'keelson',
    authenticationKey: word(),
    privacyKey: word(),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
}

/** Reads the credentials of a lab's PDU. */
export function readPduCredentials(settings: LabSettings): PduCredentials {
  return JSON.parse(readFileSync(pduCredentialsFile(settings), 'utf8')) as PduCredentials;
}
