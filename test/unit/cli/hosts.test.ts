import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failed, failure, success, type HostView, type SessionsView } from '../../../src/model/index.ts';
import { lun, operation } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

const host: HostView = {
  name: 'web',
  initiators: ['iqn.2026-11.com.example:web'],
  chap: { username: 'web' },
  luns: [{ name: 'vm1', number: 3, readOnly: true }],
  loggedIn: ['iqn.2026-11.com.example:web'],
};
const secret = 'correct-horse-1';

let served: Served;
let folder: string;
beforeAll(async () => {
  served = await serve();
  folder = mkdtempSync(join(tmpdir(), 'keelson-secret-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.replies = {
    hosts: () => success({ items: [host] }),
    'host.create': () => success(host),
    'host.set': () => success(host),
    'host.delete': () => success({ deleted: true }),
    'lun.create': () => success({ lun: lun(), operation: operation({ state: 'succeeded' }) }),
    'lun.map': () => success(lun({ number: 3 })),
    'lun.unmap': () => success({ lun: lun() }),
  };
});

function secretFile(text: string, mode = 0o600): string {
  const path = join(folder, `secret-${mode}`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const create = ['host', 'create', 'web', '--initiator', 'iqn.2026-11.com.example:web'];

const connected: SessionsView = {
  sessions: [
    {
      host: 'web',
      initiator: 'iqn.2026-11.com.example:web',
      address: '10.0.3.7',
      portal: '10.0.3.100',
      target: 'main',
      node: 'san-a',
    },
  ],
  unseen: [{ target: 'other', node: 'san-b' }],
};

describe('keelson host sessions', () => {
  it('prints who is connected, also below a LUN and a host', async () => {
    served.gateway.replies.sessions = () => success(connected);
    served.gateway.replies.host = () => success(host);
    served.gateway.replies.lun = () => success(lun());
    for (const words of [
      ['host', 'sessions'],
      ['host', 'show', 'web'],
      ['lun', 'show', 'web'],
    ]) {
      const { code, stdout } = await keelson(served, words);
      expect(code, words.join(' ')).toBe(0);
      expect(stdout).toMatch(/web +iqn.2026-11.com.example:web +10.0.3.7 +10.0.3.100 +main +san-a/);
      expect(stdout).toContain('san-b could not be asked about the target other');
    }
  });

  it('prints those of one host as the API tells them', async () => {
    served.gateway.replies.sessions = () => success(connected);
    const { stdout } = await keelson(served, ['host', 'sessions', 'web', '--json']);
    expect(JSON.parse(stdout)).toEqual(connected);
    expect(served.gateway.asked.at(-1)).toEqual({ kind: 'sessions', request: { host: 'web' } });
  });

  it('that stand in the way of a deletion are named, with the way round them', async () => {
    served.gateway.replies['lun.unmap'] = ({ force }) =>
      force === true
        ? success({ lun: lun() })
        : failed(failure('sessions_open', 'LUN vm1 is used by web (from 10.0.3.7)'));
    const refused = await keelson(served, ['lun', 'unmap', 'vm1', 'web']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/from 10.0.3.7[^]*--force/);
    expect((await keelson(served, ['lun', 'unmap', 'vm1', 'web', '--force'])).code).toBe(0);
  });
});

describe('keelson host', () => {
  it('makes a host with a secret from a file and one from standard input, and shows neither', async () => {
    const words = ['--chap-secret-file', secretFile(`${secret}\n`), '--mutual-chap-secret-file', '-'];
    const { code, stdout, stderr } = await keelson(served, [...create, ...words], {
      input: 'battery-staple\n',
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('web (logged in)');
    expect(stdout).not.toMatch(/horse|staple/);
    expect(served.gateway.asked).toEqual([
      {
        kind: 'host.create',
        request: {
          name: 'web',
          initiators: ['iqn.2026-11.com.example:web'],
          chap: { secret },
          mutualChap: { secret: 'battery-staple' },
        },
      },
    ]);
  });

  it('warns where others may read a secret', async () => {
    const { stderr } = await keelson(served, [...create, '--chap-secret-file', secretFile(secret, 0o644)]);
    expect(stderr).toContain('others may read it');
  });

  it.each([
    ['both secrets from standard input', ['--chap-secret-file', '-', '--mutual-chap-secret-file', '-']],
    ['a user without a secret', ['--chap-user', 'web']],
    ['a terminal where there is none', ['--chap-secret-file', 'prompt']],
    ['a file that is not there', ['--chap-secret-file', '/nowhere/secret']],
  ])('asks nothing of anybody with %s', async (_, words) => {
    expect((await keelson(served, [...create, ...words])).code).toBe(2);
    expect(served.gateway.asked).toEqual([]);
  });

  it('takes CHAP away, with what the target had to prove', async () => {
    expect((await keelson(served, ['host', 'set', 'web', '--no-chap'])).code).toBe(0);
    expect(served.gateway.asked).toEqual([
      { kind: 'host.set', request: { name: 'web', chap: null, mutualChap: null } },
    ]);
  });

  it('lists who is logged in and sees what', async () => {
    const { stdout } = await keelson(served, ['host', 'list']);
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'web',
      'iqn.2026-11.com.example:web',
      'one-way',
      'yes',
      'vm1 (read-only)',
    ]);
  });

  it('deletes', async () => {
    expect((await keelson(served, ['host', 'delete', 'web'])).stdout).toContain('no host web any more');
  });
});

describe('keelson lun', () => {
  it('maps to a host, read-only where asked, and hides', async () => {
    expect((await keelson(served, ['lun', 'map', 'vm1', 'web', '--read-only'])).stdout).toContain('number 3');
    await keelson(served, ['lun', 'unmap', 'vm1', 'web']);
    expect(served.gateway.asked).toEqual([
      { kind: 'lun.map', request: { name: 'vm1', host: 'web', readOnly: true } },
      { kind: 'lun.unmap', request: { name: 'vm1', host: 'web' } },
    ]);
  });

  it('is made for hosts that write and hosts that only read', async () => {
    await keelson(served, [
      'lun',
      'create',
      'vm1',
      '--size',
      '1G',
      '--host',
      'web',
      '--read-only-host',
      'db',
    ]);
    expect(served.gateway.asked[0]?.request).toMatchObject({ hosts: ['web', 'db'], readOnlyHosts: ['db'] });
  });
});
