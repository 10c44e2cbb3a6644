import { existsSync } from 'node:fs';
import { runCommand } from './command.ts';
import { LabError } from './error.ts';
import type { Progress } from './progress.ts';

/** Programs the lab needs on the machine it runs on, and the Debian packages that bring them. */
const needed: readonly (readonly [program: string, debianPackage: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['qemu-img', 'qemu-utils'],
  ['mmdebstrap', 'mmdebstrap'],
  ['ipmi_sim', 'openipmi'],
  ['ipmitool', 'ipmitool'],
  ['snmpset', 'snmp'],
  ['ip', 'iproute2'],
  ['ssh', 'openssh-client'],
  ['mke2fs', 'e2fsprogs'],
  ['nsenter', 'util-linux'],
  ['dpkg-deb', 'dpkg'],
];

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The lab makes network namespaces, taps and root file systems. */
export function demandRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'not-root',
    'the lab makes a network namespace, taps and root file systems, and only root may',
    'Run the same command as root (sudo).',
  );
}

/** Installs the Debian packages that are missing. */
export async function ensureHostPackages(progress: Progress): Promise<void> {
  const missing = needed
    .filter(([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`)))
    .map(([, debianPackage]) => debianPackage);
  if (missing.length === 0) return;
  progress(`installing ${missing.join(', ')} with apt-get`);
  const install = [
    '--yes',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    'install',
    ...missing,
  ];
  let outcome = await runCommand('apt-get', install);
  if (outcome.exitCode !== 0) {
    await runCommand('apt-get', ['update']);
    outcome = await runCommand('apt-get', install);
  }
  if (outcome.exitCode !== 0) {
    throw new LabError(
      'package-missing',
      `apt-get could not install ${missing.join(', ')}:\n${outcome.stderr.slice(-2000)}`,
      'Install them by hand and repeat the command.',
    );
  }
}
