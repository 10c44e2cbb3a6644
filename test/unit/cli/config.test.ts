import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { milliseconds, success, type ConfigDifference } from '../../../src/model/index.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const differs: ConfigDifference = {
  kind: 'changed',
  path: 'resources.drbd-main.startDelay',
  before: '9000',
  after: '1000',
};

describe('keelson config', () => {
  it('show prints the configuration', async () => {
    served.gateway.replies.config = () =>
      success({ revision: 3, current: false, config: { clusterName: 'san' } });
    const { code, stdout } = await keelson(served, ['config', 'show', '3']);
    expect(code).toBe(0);
    expect(stdout).toBe('Revision 3; secrets are hidden.\n{\n  "clusterName": "san"\n}\n');
    expect(served.gateway.asked).toEqual([{ kind: 'config', request: { revision: 3 } }]);
  });

  it('history is a table, newest first, and obeys no terminal codes', async () => {
    served.gateway.replies['config.history'] = () =>
      success({
        entries: [
          {
            kind: 'change',
            revision: 12,
            at: milliseconds(0),
            by: 'api',
            what: 'lun.create \u001b[31mx',
            undone: true,
          },
          { kind: 'taken-over', revision: 1, at: undefined, by: 'engine', what: 'formed', undone: false },
        ],
        more: true,
        damaged: true,
      });
    const { code, stdout, stderr } = await keelson(served, ['config', 'history', '--limit', '2']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'REVISION  WHEN                      WHO     WHAT',
        '12        1970-01-01T00:00:00.000Z  api     lun.create ?[31mx (undone)',
        '1         -                         engine  formed',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('keelson config history --limit 20');
    expect(stderr).toContain('damaged');
  });

  it('diff prints a line for each value', async () => {
    served.gateway.replies['config.diff'] = () => success({ from: 2, to: 3, differences: [differs] });
    const { stdout } = await keelson(served, ['config', 'diff', '2']);
    expect(stdout).toBe('From revision 2 to 3:\n  ~ resources.drbd-main.startDelay: 9000 -> 1000\n');
    expect(served.gateway.asked).toEqual([{ kind: 'config.diff', request: { from: 2 } }]);
  });

  it('restore says what came back and what did not', async () => {
    served.gateway.replies['config.restore'] = ({ dryRun = false }) =>
      success({
        from: 2,
        revision: 4,
        dryRun,
        restored: [differs],
        kept: [{ subject: 'luns.orders', reason: 'was made since, and may hold data' }],
      });
    const dry = await keelson(served, ['config', 'restore', '2', '--dry-run']);
    expect(dry.stdout).toContain('Of revision 2 this would come back; nothing was changed:');
    const { stdout } = await keelson(served, ['config', 'restore', '2']);
    expect(stdout).toBe(
      [
        'Of revision 2 this came back, as revision 4:',
        '  ~ resources.drbd-main.startDelay: 9000 -> 1000',
        'This stays as it is:',
        '  luns.orders: was made since, and may hold data',
        '',
      ].join('\n'),
    );
    expect(served.gateway.asked.map(({ request }) => request)).toEqual([
      { revision: 2, dryRun: true },
      { revision: 2 },
    ]);
  });

  it('lost shows what was undone, and --clear forgets it', async () => {
    served.gateway.replies['config.lost'] = () =>
      success([
        {
          at: milliseconds(0),
          reason: 'one change of this node had not reached the other',
          before: 3,
          after: 3,
          changes: [{ revision: 3, at: milliseconds(0), by: 'api', what: 'lun.create orders' }],
          differences: [{ kind: 'removed', path: 'luns.orders.pool', before: '"main"', after: undefined }],
        },
      ]);
    served.gateway.replies['config.lost.clear'] = () => success({ cleared: 1 });
    const { stdout } = await keelson(served, ['config', 'lost']);
    expect(stdout).toContain('revision 3 was replaced by 3: one change of this node');
    expect(stdout).toContain('lun.create orders');
    expect(stdout).toContain('  - luns.orders.pool: "main"');
    const cleared = await keelson(served, ['config', 'lost', '--clear']);
    expect(cleared.stdout).toBe('1 record is removed.\n');
    served.gateway.replies['config.lost'] = () => success([]);
    expect((await keelson(served, ['config', 'lost'])).stdout).toBe('This node has lost nothing.\n');
  });

  it.each([
    ['show', 'two'],
    ['diff', '0'],
    ['restore', '-1'],
    ['history', '--limit', 'all'],
  ])('%s %s is not understood', async (...words) => {
    const { code } = await keelson(served, ['config', ...words]);
    expect([code, served.gateway.asked]).toEqual([2, []]);
  });
});

describe('keelson config save and load', () => {
  const backup = {
    format: 'keelson-config',
    version: 1,
    clusterId: 'c',
    clusterName: 'san',
    revision: 7,
    savedAt: 1,
    salt: 'c2FsdA==',
    nonce: 'bm9uY2U=',
    sealed: 'c2VhbGVk',
  } as const;
  let folder: string;
  let secret: readonly string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keelson-backup-'));
    writeFileSync(join(folder, 'passphrase'), 'horse staple\n', { mode: 0o600 });
    secret = ['--passphrase-file', join(folder, 'passphrase')];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('saves a file that only its owner reads, and replaces none', async () => {
    served.gateway.replies['config.save'] = () => success(backup);
    const file = join(folder, 'san.json');
    const { code, stdout } = await keelson(served, ['config', 'save', file, ...secret]);
    expect([code, stdout]).toEqual([
      0,
      `Revision 7 of san is saved in ${file}. Without the passphrase nobody can load it.\n`,
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(backup);
    expect(served.gateway.asked).toEqual([{ kind: 'config.save', request: { passphrase: 'horse staple' } }]);
    const again = await keelson(served, ['config', 'save', file, ...secret]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is there already');
    expect((await keelson(served, ['config', 'save', file, '--force', ...secret])).code).toBe(0);
  });

  it('loads a file, and says what came back', async () => {
    served.gateway.replies['config.load'] = ({ dryRun = false }) =>
      success({ from: 7, revision: 9, dryRun, restored: [differs], kept: [] });
    const file = join(folder, 'san.json');
    writeFileSync(file, JSON.stringify(backup));
    const { stdout } = await keelson(served, ['config', 'load', file, '--dry-run', '--foreign', ...secret]);
    expect(stdout).toContain('Of revision 7 this would come back; nothing was changed:');
    expect(served.gateway.asked).toEqual([
      {
        kind: 'config.load',
        request: { backup, passphrase: 'horse staple', dryRun: true, foreign: true },
      },
    ]);
  });

  it.each([
    ['not JSON', 'backup_damaged'],
    ['{}', 'backup_damaged'],
    ['{"format":"keelson-config","version":2}', 'backup_newer'],
  ])('does not send what is no backup: %s', async (text, code) => {
    const file = join(folder, 'other');
    writeFileSync(file, text);
    const { stderr } = await keelson(served, ['config', 'load', file, ...secret]);
    expect(stderr).toContain(`code: ${code}`);
    expect(served.gateway.asked).toEqual([]);
  });
});
