import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formsOf } from '../../../src/report/forms.ts';
import type { ClusterConfig } from '../../../src/model/index.ts';
import { encodeRecord } from '../../../src/platform/store/record.ts';
import type { Snapshot } from '../../../src/ports/index.ts';
import { markers, withSecrets } from '../../cluster/engine/secrets/devices.ts';
import { status } from '../api/fake-gateway.ts';
import { serve, token, type Served } from '../api/served.ts';
import { start, towards, type Ended } from '../cli/command.ts';
import { success } from '../../../src/model/index.ts';

// Each starts the command and some fifty programs.
vi.setConfig({ testTimeout: 60_000 });

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'keelson-report-'));
  for (const folder of ['state/config', 'etc', 'corosync', 'drbd', 'target', 'programs', 'out'])
    mkdirSync(join(place, folder), { recursive: true });
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const output = (): string => join(place, 'out/node.tar.gz');

const surroundings = (more: Record<string, string> = {}) => ({
  environment: {
    KEELSON_STATE: join(place, 'state'),
    KEELSON_ETC: join(place, 'etc'),
    KEELSON_COROSYNC: join(place, 'corosync'),
    KEELSON_DRBD: join(place, 'drbd'),
    KEELSON_CONFIGFS: join(place, 'target'),
    KEELSON_REPORT_PATH: `${join(place, 'programs')}:/usr/sbin:/usr/bin:/sbin:/bin`,
    ...more,
  },
});

/** No engine and no API: nothing listens there. */
const nobody = ['--url', 'https://127.0.0.1:9', '--token-file', '/nonexistent/token'];

const report = (way: readonly string[], words: readonly string[] = [], more?: Record<string, string>) =>
  start([...way, 'report', '--output', output(), ...words], surroundings(more));

const fake = (name: string, script: string): void =>
  writeFileSync(join(place, 'programs', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

/** Unpacks the archive; what the files hold, by their names. */
function unpacked(): ReadonlyMap<string, string> {
  const folder = join(place, 'unpacked');
  mkdirSync(folder);
  execFileSync('tar', ['--extract', '--file', output(), '--directory', folder]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(join(folder, 'node/').length), readFileSync(path, 'utf8')];
    }),
  );
}

const nothingBesides = (): void => expect(readdirSync(join(place, 'out'))).toEqual(['node.tar.gz']);

async function withApi(work: (served: Served) => Promise<void>): Promise<void> {
  const served = await serve();
  try {
    await work(served);
  } finally {
    await served.close();
  }
}

test('a healthy node: state of the cluster, of the machine and its network, an index, readable by root alone', () =>
  withApi(async (served) => {
    served.gateway.replies.status = () => success(status({ clusterName: 'lab' }));
    const { code, stdout, stderr } = await report(towards(served)).ended;
    expect([code, stdout]).toEqual([0, `${output()}\n`]);
    expect(statSync(output()).mode & 0o777).toBe(0o600);
    nothingBesides();
    const files = unpacked();
    expect(files.get('versions/kernel.txt')).toContain(hostname());
    expect(JSON.parse(files.get('network/addresses.json') ?? '')).toContainEqual(
      expect.objectContaining({ ifname: 'lo' }),
    );
    expect(JSON.parse(files.get('cluster/status.json') ?? '')).toMatchObject({ clusterName: 'lab' });
    expect(files.get('cluster/status.txt')).toContain('POOL');
    expect(files.get('index.txt')).toMatch(/^Keelson .*\nCluster: lab; node: /);
    expect(files.get('index.txt')).toContain('versions/kernel.txt\n  from: uname --all\n');
    expect(stderr).toContain('  versions/kernel.txt\n');
  }));

test('a node without an engine: all else is collected, and what is missing is named with the reason', async () => {
  const { code, stderr } = await report(nobody).ended;
  expect(code).toBe(0);
  const files = unpacked();
  expect(files.has('network/links.txt')).toBe(true);
  expect(files.has('cluster/status.json')).toBe(false);
  expect(files.get('index.txt')).toMatch(
    /MISSING cluster\/status\.json\n {2}from: GET \/status\n.*\n {2}reason: /,
  );
  expect(stderr).toMatch(/cluster\/nodes\.json: not asked: The API does not answer/);
  expect(stderr).toContain('missing (index.txt says why)');
});

test('a program that hangs is left behind at its deadline; what it wrote until then is kept', async () => {
  fake('pvs', 'echo begun; printf half; sleep 600');
  const begun = Date.now();
  const { code, stderr } = await report(nobody, [], { KEELSON_REPORT_DEADLINE: '1500' }).ended;
  expect([code, Date.now() - begun < 30_000]).toEqual([0, true]);
  expect(stderr).toContain('volumes/pvs.json: no end within 1.5 s');
  expect(unpacked().get('volumes/pvs.json')).toBe('begun\n');
});

test('of a log that is too long the newest part is kept, and the index says so', async () => {
  fake('journalctl', 'case "$*" in *unit=keelsond*) seq 1 2000000 ;; esac');
  expect((await report(nobody).ended).code).toBe(0);
  const files = unpacked();
  expect(files.get('journal/keelsond.txt')).toMatch(/\n1999999\n2000000\n$/);
  expect(files.get('journal/keelsond.txt')?.length).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(files.get('index.txt')).toMatch(/the oldest \d+ bytes are left out/);
});

test('no secret of a configuration is anywhere in the archive, however it is written', () =>
  withApi(async (served) => {
    const config = withSecrets({
      nodes: { 'san-a': { name: 'san-a', id: 1 } },
      pools: { pool1: { name: 'pool1' } },
      hosts: {
        web: {
          name: 'web',
          chap: { username: 'iqn-web', secret: 'chap "in" 12' },
          mutualChap: { username: 'san', secret: 'chap-out-345' },
        },
      },
    } as unknown as ClusterConfig);
    const snapshot: Snapshot = { revision: 1, hash: '', config: JSON.stringify(config) };
    writeFileSync(
      join(place, 'state/config/configuration.log'),
      encodeRecord({ kind: 'snapshot', snapshot }),
    );
    const joining = '0123456789abcdef0123456789abcdef';
    writeFileSync(join(place, 'state/join-secret'), `${joining} 1795000000000\n`);
    writeFileSync(join(place, 'etc/token'), 'token-of-the-file\n');
    writeFileSync(join(place, 'corosync/authkey'), Buffer.from([255, 1, 254, 2, 253, 3, 252, 4, 251, 5]));
    const secrets = [
      ...Object.values(markers),
      'chap "in" 12',
      'chap-out-345',
      joining,
      'token-of-the-file',
      token,
      'drbd-by-hand',
      'lio-by-hand-1',
    ];
    writeFileSync(
      join(place, 'drbd/pool1.res'),
      'net { cram-hmac-alg sha256; shared-secret "drbd-by-hand"; }\n',
    );
    const auth = join(place, 'target/iscsi/iqn/tpgt_1/acls/host/auth');
    mkdirSync(auth, { recursive: true });
    writeFileSync(join(auth, 'password'), 'lio-by-hand-1\n');
    writeFileSync(join(auth, '../info'), 'No active iSCSI Session\n');
    const written = [
      ...secrets.flatMap(formsOf),
      ...formsOf(readFileSync(join(place, 'corosync/authkey'))),
      Buffer.from(`admin:${markers.board}`).toString('base64'),
    ];
    writeFileSync(
      join(place, 'said'),
      `${written.map((form) => `it was ${form}.`).join('\n')}\nand all went well\n`,
    );
    fake('journalctl', `cat ${join(place, 'said')}`);
    fake('pvs', `cat ${join(place, 'said')} >&2; exit 5`);
    writeFileSync(
      join(place, 'corosync/corosync.conf'),
      `token: 3000\nkey: unknown-key-1\n# ${markers.pool}\n`,
    );

    expect((await report(towards(served)).ended).code).toBe(0);
    const files = unpacked();
    for (const [name, text] of files)
      for (const form of [...written, 'unknown-key-1'])
        expect(text.includes(form) ? `${name} holds ${form}` : '').toBe('');
    expect(files.get('journal/keelsond.txt')).toContain('it was [secret removed].');
    expect(files.get('journal/keelsond.txt')).toContain('and all went well');
    expect(files.get('corosync/corosync.conf')).toBe(
      'token: 3000\nkey: [secret removed]\n# [secret removed]\n',
    );
    expect(files.get('target/attributes.txt')).toContain('No active iSCSI Session');
    expect(files.get('drbd/configuration.txt')).toContain(
      'cram-hmac-alg sha256; shared-secret "[secret removed]";',
    );
    expect(() => void JSON.parse(files.get('index.json') ?? '')).not.toThrow();
  }));

test('secrets of a damaged configuration are known too', async () => {
  const config = JSON.stringify({ fenceDevices: { a: { password: markers.board } } });
  const record = encodeRecord({ kind: 'snapshot', snapshot: { revision: 1, hash: '', config } });
  writeFileSync(join(place, 'state/config/configuration.log'), record.subarray(0, record.length - 6));
  fake('journalctl', `echo it was ${markers.board}`);
  expect((await report(nobody).ended).code).toBe(0);
  expect(unpacked().get('journal/corosync.txt')).toBe('it was [secret removed]\n');
});

test('a file that is there is left as it is', async () => {
  writeFileSync(output(), 'of last week');
  const { code, stderr } = await report(nobody).ended;
  expect([code, readFileSync(output(), 'utf8')]).toEqual([2, 'of last week']);
  expect(stderr).toContain('is there already');
});

test('Ctrl-C ends it at once, and leaves nothing behind', async () => {
  fake('uname', `echo $$ > ${join(place, 'running')}; sleep 600`);
  const running = report(nobody);
  await expect.poll(() => readdirSync(place), { timeout: 20_000 }).toContain('running');
  running.process.kill('SIGINT');
  const { code, stderr }: Ended = await running.ended;
  expect([code, readdirSync(join(place, 'out'))]).toEqual([130, []]);
  expect(stderr).toContain('interrupted; nothing was written');
});

test('--list collects nothing; a time that is none is refused', async () => {
  const listed = await report(nobody, ['--list']).ended;
  expect(listed.stdout).toMatch(/network\/routes\.txt +ip route show table all\n/);
  expect(readdirSync(join(place, 'out'))).toEqual([]);
  const wrong = await report(nobody, ['--since', 'yesterday']).ended;
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--since is a time such as')]);
});
