import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibvirtParameters } from './parameters.ts';

/** What libvirt calls the services that may ask (https://libvirt.org/auth.html, 'Client configuration'). */
const SERVICES = ['libvirt', 'esx', 'vpx', 'hyperv'];

/** Gives the work a URI with which libvirt finds the password: in a file that only root reads, and only meanwhile. */
export async function withCredentials<T>(
  { uri, username, password }: LibvirtParameters,
  work: (uri: string) => Promise<T>,
): Promise<T> {
  if (username === undefined || password === undefined) return work(uri);
  // mkdtemp makes it for its owner alone.
  const folder = await mkdtemp(join(tmpdir(), 'keelson-libvirt-'));
  try {
    const file = join(folder, 'auth.conf');
    const services = SERVICES.map((service) => `[auth-${service}-default]\ncredentials=node\n`);
    // ESX and its like ask for the first name, SASL for the second one.
    const names = `username=${username}\nauthname=${username}`;
    const text = `[credentials-node]\n${names}\npassword=${password}\n\n${services.join('\n')}`;
    await writeFile(file, text, { mode: 0o600 });
    return await work(`${uri}${uri.includes('?') ? '&' : '?'}authfile=${encodeURIComponent(file)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
