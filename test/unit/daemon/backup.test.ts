import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, saveConfig } from '../../../src/daemon/config-requests.ts';
import { foreignTo, openBackup, sealBackup } from '../../../src/daemon/backup.ts';
import type { Records } from '../../../src/daemon/records.ts';
import { initialConfig, intentOf } from '../../../src/engine/index.ts';
import {
  milliseconds,
  success,
  type Bytes,
  type ClusterConfig,
  type ConfigBackup,
  type LunIntent,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const passphrase = 'correct horse battery staple';
const now = milliseconds(1_795_000_000_000);
const gone = new AbortController().signal;

const config: ClusterConfig = initialConfig(clusterFile, { clusterId: 'one', poolSecret: 'pool-secret' });
const codeOf = (result: { ok: boolean; failure?: { code: string } }): string | undefined =>
  result.failure?.code;

let backup: ConfigBackup;
beforeAll(async () => {
  backup = await sealBackup(config, passphrase, now);
});

/** One character of the text replaced by another one of base64. */
const changedAt = (text: string, index: number): string =>
  `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;

describe('a backup', () => {
  it('gives back all that was asked for, with its secrets, to whoever knows the passphrase', async () => {
    expect(await openBackup(backup, passphrase)).toEqual(success(intentOf(config)));
  });

  it('shows no secret, and never looks the same twice', async () => {
    const text = JSON.stringify(backup);
    expect(text).not.toContain('pool-secret');
    expect(text).not.toContain(passphrase);
    expect((await sealBackup(config, passphrase, now)).sealed).not.toBe(backup.sealed);
  });

  it('is not opened by another passphrase', async () => {
    expect(codeOf(await openBackup(backup, `${passphrase}r`))).toBe('backup_locked');
  });

  it('is opened by the same passphrase, however its accents are composed', async () => {
    const saved = await sealBackup(config, 'caf\u00e9 au lait', now);
    expect((await openBackup(saved, 'cafe\u0301 au lait')).ok).toBe(true);
  });

  it.each(['first', 'middle', 'last'] as const)('with its %s byte changed is refused', async (where) => {
    const { sealed } = backup;
    const index = { first: 0, middle: sealed.length >> 1, last: sealed.replace(/=+$/, '').length - 2 }[where];
    const changed = { ...backup, sealed: changedAt(sealed, index) };
    expect(codeOf(await openBackup(changed, passphrase))).toBe('backup_locked');
  });

  it.each([
    ['revision', { revision: 999 }],
    ['cluster', { clusterId: 'two' }],
    ['time', { savedAt: now + 1 }],
  ] as const)('that was given another %s is refused', async (_, change) => {
    expect(codeOf(await openBackup({ ...backup, ...change }, passphrase))).toBe('backup_locked');
  });

  it('that was cut off is refused', async () => {
    const short = { ...backup, sealed: backup.sealed.slice(0, 400) };
    expect(codeOf(await openBackup(short, passphrase))).toBe('backup_locked');
    expect(codeOf(await openBackup({ ...backup, sealed: '' }, passphrase))).toBe('backup_damaged');
    expect(codeOf(await openBackup({ ...backup, salt: 'AAAA' }, passphrase))).toBe('backup_damaged');
  });

  it('of a thousand LUNs is small enough to be sent back', async () => {
    const lun = (index: number): LunIntent => ({
      name: `orders-${index}`,
      pool: 'main',
      target: 'main',
      size: (2 ** 30) as Bytes,
      hosts: ['client'],
      number: index,
      serial: (index * 2654435761).toString(16).padStart(32, '0'),
      state: 'ready',
      operation: 'operation-1',
    });
    const luns = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`orders-${index}`, lun(index)]),
    );
    const large = await sealBackup({ ...config, luns }, passphrase, now);
    expect(JSON.stringify(large).length).toBeLessThan(100_000);
  });
});

describe('a node', () => {
  const asked: [string, object][] = [];
  const runtime = {
    request: (kind: string, request: object) => {
      asked.push([kind, request]);
      return Promise.resolve(success({ from: config.revision }));
    },
  };
  const node = (present: ClusterConfig) =>
    ({ runtime, records: { present: () => present } as unknown as Records }) as const;

  it('saves what it has now, and loads it as a restore that says where it came from', async () => {
    const saved = await saveConfig(node(config), { passphrase }, now);
    if (!saved.ok) throw new Error(saved.failure.message);
    asked.length = 0;
    await loadConfig(node(config), { backup: saved.value, passphrase, dryRun: true }, gone);
    expect(asked).toEqual([
      [
        'config.restore',
        {
          revision: config.revision,
          intent: intentOf(config),
          saved: { clusterName: config.clusterName },
          dryRun: true,
          force: undefined,
        },
      ],
    ]);
  });

  it('of another cluster wants to be told that it is meant', async () => {
    const other = { ...config, clusterId: 'two' };
    expect(foreignTo(other, backup)?.code).toBe('backup_foreign');
    asked.length = 0;
    expect(codeOf(await loadConfig(node(other), { backup, passphrase }, gone))).toBe('backup_foreign');
    expect(asked).toEqual([]);
    expect((await loadConfig(node(other), { backup, passphrase, foreign: true }, gone)).ok).toBe(true);
  });

  it('does not guess at what a later version has written', async () => {
    asked.length = 0;
    const later = { ...backup, version: 2 };
    expect(codeOf(await loadConfig(node(config), { backup: later, passphrase }, gone))).toBe('backup_newer');
    expect(asked).toEqual([]);
  });
});
