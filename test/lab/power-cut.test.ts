import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from '../../appliance/lab/lab.ts';
import { progressTo } from '../../appliance/lab/progress.ts';
import { bothCurrent, cutPrimary, otherThan, primaryOf } from '../../appliance/trial/failover.ts';
import { apisAnswer, formCluster, initCluster } from '../../appliance/trial/form.ts';
import { attachLun, toldBy } from '../../appliance/trial/host.ts';
import { interruptCreate } from '../../appliance/trial/interrupted-create.ts';
import { underLoad } from '../../appliance/trial/load.ts';
import { checkoutPackage } from '../../appliance/trial/package.ts';
import { San } from '../../appliance/trial/san.ts';

const MIB = 1024 * 1024;

describe('a two-node SAN from blank machines', () => {
  const lab = openLab();
  const san = new San(lab);

  beforeAll(async () => {
    await lab.up({ fresh: true, debianPackage: checkoutPackage(progressTo(process.stderr)) });
    await apisAnswer(san);
  });
  afterAll(async () => {
    await lab.down();
  });

  const codeOf = async (
    method: string,
    path: string,
    body?: unknown,
    options?: { token?: string | undefined; raw?: string },
  ) => {
    const answer = await san.call('san-a', method, path, body, options);
    return [answer.status, (answer.body as { code?: string }).code];
  };
  const join = async (secret: string) => {
    const body = { address: lab.node('san-a').address('management'), secret, node: 'san-b' };
    return ((await san.call('san-b', 'POST', '/cluster/join', body)).body as { code: string }).code;
  };
  /** What a join would change on the node that joins. */
  const stateOfHost = () =>
    lab
      .node('san-b')
      .demand(
        'cd /etc; sha256sum keelson/token corosync/corosync.conf lvm/lvmlocal.conf 2>&1; ls /var/lib/keelson',
      );
  const luns = async () => (await san.call('san-a', 'GET', '/luns')).body;

  it('refuses a join at a node with another certificate than the secret names', async () => {
    const secret = Buffer.from(JSON.stringify({ fingerprint: 'f'.repeat(64), secret: 'wrong' })).toString(
      'base64url',
    );
    expect(await join(secret)).toBe('peer_not_trusted');
    expect((await san.status('san-b')).clusterName).toBeUndefined();
  });

  it('refuses a join with a wrong secret, and changes nothing on the node that wanted to join', async () => {
    await initCluster(lab, san, () => undefined);
    const right = await lab.node('san-a').demand(['keelson', 'cluster', 'join-secret']);
    const { fingerprint } = JSON.parse(Buffer.from(right.trim(), 'base64url').toString()) as {
      fingerprint: string;
    };
    const before = await stateOfHost();
    const wrong = Buffer.from(JSON.stringify({ fingerprint, secret: 'wrong' })).toString('base64url');
    expect(await join(wrong)).toBe('join_secret_wrong');
    expect(await stateOfHost()).toBe(before);
    expect((await san.status('san-b')).clusterName).toBeUndefined();
  });

  it('becomes a cluster by two commands and copies the whole disk', async () => {
    await formCluster(lab, san, () => undefined);
    const status = await san.status('san-b');
    expect(status).toMatchObject({ clusterName: 'lab', quorate: true, survivesFailure: true });
  });

  it('refuses a second init and a join with a wrong secret, and changes nothing', async () => {
    const before = (await san.status('san-a')).revision;
    const again = await lab
      .node('san-a')
      .run(['keelson', 'cluster', 'init', '--file', '/root/cluster.json'], {
        timeout: 120_000,
      });
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('cluster_exists');
    expect(await codeOf('POST', '/cluster/admit', { secret: 'wrong', node: 'san-b' })).toEqual([
      403,
      'join_secret_wrong',
    ]);
    expect((await san.status('san-a')).revision).toBe(before);
  });

  it.each([
    ['a LUN larger than the pool', { name: 'big', size: '10T' }, 409, 'pool_full'],
    ['a size of 0', { name: 'bad', size: 0 }, 400, 'size_invalid'],
    ['a size of -1', { name: 'bad', size: -1 }, 400, 'size_invalid'],
    ['a size of 1e400', { name: 'bad', size: '1e400' }, 400, 'size_invalid'],
    ['a size of 10XB', { name: 'bad', size: '10XB' }, 400, 'size_invalid'],
    ['an unknown host', { name: 'bad', size: '16MiB', hosts: ['nobody'] }, 404, 'host_not_found'],
  ])('refuses %s, and nothing has changed', async (_what, body, status, code) => {
    expect(await codeOf('POST', '/luns', body)).toEqual([status, code]);
    expect(await luns()).toEqual([]);
  });

  it('refuses no token, a wrong token, no JSON and an unknown node', async () => {
    expect(await codeOf('GET', '/status', undefined, { token: 'wrong' })).toEqual([401, 'token_wrong']);
    expect(await codeOf('GET', '/status', undefined, { token: undefined })).toEqual([401, 'token_missing']);
    expect(await codeOf('POST', '/luns', undefined, { raw: '{not json', token: await san.token() })).toEqual([
      400,
      'body_not_json',
    ]);
    expect(await codeOf('POST', '/cleanup', { node: 'san-z' })).toEqual([404, 'node_not_found']);
  });

  it('makes one LUN of two identical creates at once, and refuses the name with other parameters', async () => {
    const body = { name: 'twin', size: '16MiB' };
    const answers = await Promise.all([
      san.call('san-a', 'POST', '/luns', body),
      san.call('san-b', 'POST', '/luns', body),
    ]);
    for (const { status } of answers) expect(status).toBeLessThan(300);
    const serials = answers.map(({ body: answer }) => (answer as { lun: { serial: string } }).lun.serial);
    expect(serials[0]).toBe(serials[1]);
    await san.createLun('twin', '16MiB');
    expect(await codeOf('POST', '/luns', { ...body, size: '32MiB' })).toEqual([409, 'name_taken']);
    await san.deleteLun('twin');
    expect(await luns()).toEqual([]);
  });

  it('survives a power cut of the node that serves, and our processes being killed in the middle of a create', async () => {
    const lun = await san.createLun('demo', '128MiB');
    const device = await attachLun(lab, lun.wwid, await toldBy(san));
    const node = await primaryOf(san);
    const { verdict } = await underLoad(lab, device, 20, async () => {
      expect(await interruptCreate(lab, san, node, 'engine', 'interrupted')).toEqual([]);
      expect(await primaryOf(san)).toBe(node);
      await cutPrimary(lab, san, node);
      await bothCurrent(lab, san);
    });
    expect(await primaryOf(san)).toBe(otherThan(node));
    expect(verdict).toMatchObject({ verified: verdict.writes, lost: 0, errors: 0, bothPrimary: 0 });
    expect(verdict.writes).toBeGreaterThan(100);
    const lunAfter = (await san.status()).luns.find(({ name }) => name === 'demo');
    expect(lunAfter).toMatchObject({
      wwid: lun.wwid,
      number: lun.number,
      size: 128 * MIB,
      servedBy: otherThan(node),
    });
  });
});
