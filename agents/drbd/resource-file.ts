import type { DrbdParameters } from './parameters.ts';

/** DRBD's own limits (linux/drbd_limits.h). */
const limits = { timeout: 600, pingInterval: 120, pingTimeout: 300, connectInterval: 120 };

/**
 * Timeouts grow with patience: under emulation an answer takes that much longer. `timeout` (tenths of a second) must
 * stay below the ping and connect intervals (seconds), which grow alike.
 */
function timeouts(patience: number): readonly string[] {
  const stretched = (value: number, limit: number): number => Math.min(Math.round(value * patience), limit);
  return [
    `timeout ${stretched(20, limits.timeout)};`,
    `ping-int ${stretched(3, limits.pingInterval)};`,
    `connect-int ${stretched(3, limits.connectInterval)};`,
    `ping-timeout ${stretched(5, limits.pingTimeout)};`,
  ];
}

const section = (name: string, lines: readonly string[]): string =>
  [`  ${name} {`, ...lines.map((line) => `    ${line}`), '  }'].join('\n');

/** Says of which replacement a disk is; undefined: none is being replaced. */
export const markOf = ({ renew }: DrbdParameters): string | undefined =>
  renew && `# The disk of ${renew.node} is that of ${renew.mark}.`;

/** The file from which drbdadm configures the pool on this node. It holds the shared secret: only root may read it. */
export function renderResourceFile(parameters: DrbdParameters, node?: string): string {
  const { pool, minor, port, sharedSecret, patience, disks, addresses } = parameters;
  const hosts = Object.keys(disks)
    .toSorted()
    .map((node) =>
      section(`on "${node}"`, [
        `device /dev/drbd${minor} minor ${minor};`,
        `disk "${disks[node] ?? ''}";`,
        'meta-disk internal;',
        `address ipv4 ${addresses[node] ?? ''}:${port};`,
      ]),
    );
  return [
    '# Written by Keelson whenever it starts this pool: changes made here are lost.',
    ...(parameters.renew?.node === node ? [markOf(parameters) ?? ''] : []),
    `resource "${pool}" {`,
    section('handlers', ['fence-peer "/usr/lib/keelson/drbd-fence-peer";']),
    section('disk', [
      // A Primary that loses its peer freezes until the peer is known to be outdated or off.
      'fencing resource-and-stonith;',
      'on-io-error detach;',
      'disk-flushes yes;',
      'md-flushes yes;',
      'al-extents 6433;',
      'c-plan-ahead 20;',
      'c-fill-target 1M;',
      'c-min-rate 20M;',
      'c-max-rate 800M;',
    ]),
    section('net', [
      'protocol C;',
      ...timeouts(patience),
      'ko-count 4;',
      'max-buffers 8000;',
      'verify-alg crc32c;',
      'csums-alg crc32c;',
      'cram-hmac-alg sha256;',
      `shared-secret "${sharedSecret}";`,
      // Nothing that was acknowledged is ever dropped without a person's word.
      'after-sb-0pri discard-zero-changes;',
      'after-sb-1pri disconnect;',
      'after-sb-2pri disconnect;',
    ]),
    ...hosts,
    '}',
    '',
  ].join('\n');
}
