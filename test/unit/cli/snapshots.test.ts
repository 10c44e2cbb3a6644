import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bytes,
  failed,
  failure,
  milliseconds,
  success,
  type RequestKind,
  type SnapshotView,
} from '../../../src/model/index.ts';
import { lun, operation } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

const snapshot = (given: Partial<SnapshotView> = {}): SnapshotView => ({
  name: 'web@monday',
  lun: 'web',
  pool: 'pool1',
  size: bytes(10 * 2 ** 30),
  createdAt: milliseconds(Date.parse('2026-11-23T10:00:00Z')),
  state: 'ready',
  ...given,
});

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());
beforeEach(() => {
  served.gateway.asked.splice(0);
  served.gateway.replies = {
    lun: () => success(lun()),
    snapshot: () => success(snapshot()),
    snapshots: () => success({ items: [snapshot(), snapshot({ name: 'web@a', keptBy: 'rollback' })] }),
    'snapshot.create': () =>
      success({
        snapshot: snapshot({ state: 'creating' }),
        operation: operation({ kind: 'snapshot.create' }),
      }),
    'snapshot.delete': () => success({ operation: operation({ kind: 'snapshot.delete' }) }),
    'lun.clone': () => success({ lun: lun({ name: 'test', state: 'creating' }), operation: operation() }),
    'lun.rollback': () => success({ lun: lun(), operation: operation({ kind: 'lun.rollback' }) }),
    'lun.delete': () => success({ operation: undefined }),
    operation: () => success(operation({ state: 'succeeded' })),
  };
});
const asked = (kind: RequestKind) =>
  served.gateway.asked.filter((one) => one.kind === kind).map(({ request }) => request);

describe('keelson snapshot', () => {
  it('create waits, and says of when it is', async () => {
    const { code, stdout, stderr } = await keelson(served, ['snapshot', 'create', 'web@monday']);
    expect([code, stderr]).toEqual([0, 'making the snapshot web@monday (operation op-1)\n']);
    expect(stdout).toBe('The snapshot web@monday is made, of 2026-11-23 10:00:00 UTC.\n');
    expect(asked('snapshot.create')).toEqual([{ name: 'web@monday' }]);
  });

  it.each([
    'web',
    '@monday',
    'web@',
    'web@-x',
    'web@a b',
    'web@a/b',
    'Web@a',
    `web@${'x'.repeat(65)}`,
    'web@ä',
  ])('create takes no name like %j, and nothing is asked', async (name) => {
    const { code, stderr } = await keelson(served, ['snapshot', 'create', '--', name]);
    expect([code, asked('snapshot.create')]).toEqual([1, []]);
    expect(stderr).toContain('LUN@NAME');
  });

  it('list shows them in a table, those that are looked for', async () => {
    const { stdout } = await keelson(served, ['snapshot', 'list', '--lun', 'web', '--name', 'web@m*']);
    expect(stdout).toMatch(/^web@monday +2026-11-23 10:00:00 UTC +10 GiB +pool1 +ready +-$/m);
    expect(stdout).toMatch(/^web@a .* rollback$/m);
    expect(asked('snapshots')).toMatchObject([{ lun: 'web', name: 'web@m*' }]);
  });

  it('show tells all about one', async () => {
    const { stdout } = await keelson(served, ['snapshot', 'show', 'web@monday']);
    expect(stdout).toMatch(/^LUN +web$/m);
    expect(stdout).toMatch(/^size +10 GiB \(10737418240 bytes\)$/m);
  });

  it('delete waits, and of what is not there says so', async () => {
    const { stdout } = await keelson(served, ['snapshot', 'delete', 'web@monday']);
    expect(stdout).toBe('The snapshot web@monday is deleted.\n');
    served.gateway.replies['snapshot.delete'] = () => success({ operation: undefined });
    const again = await keelson(served, ['snapshot', 'delete', 'web@monday']);
    expect([again.code, again.stdout]).toEqual([0, 'There is no snapshot web@monday; nothing to do.\n']);
  });

  it('refusals come with the next step', async () => {
    served.gateway.replies['snapshot.create'] = () => failed(failure('lun_not_thin', 'LUN web is not thin'));
    const { code, stderr } = await keelson(served, ['snapshot', 'create', 'web@monday']);
    expect(code).toBe(1);
    expect(stderr).toContain('lun_not_thin');
    expect(stderr).toContain('keelson lun create --thin');
  });
});

describe('keelson snapshot rollback', () => {
  const rollback = (...more: string[]) => keelson(served, ['snapshot', 'rollback', 'web@monday', ...more]);

  it('does nothing where nobody can be asked and nothing was acknowledged', async () => {
    const { code, stderr } = await rollback();
    expect([code, asked('lun.rollback')]).toEqual([2, []]);
    expect(stderr).toContain("--acknowledge 'roll back web'");
  });

  it('does nothing for other words', async () => {
    const { code, stderr } = await rollback('--acknowledge', 'roll back data');
    expect([code, asked('lun.rollback')]).toEqual([2, []]);
    expect(stderr).toContain('nothing was changed');
  });

  it('waits, and says what the LUN has again', async () => {
    const { code, stdout } = await rollback('--acknowledge', 'roll back web');
    expect([code, stdout]).toEqual([
      0,
      'The LUN web has the data of web@monday again, of 2026-11-23 10:00:00 UTC.\n',
    ]);
    expect(asked('lun.rollback')).toEqual([{ name: 'web', snapshot: 'web@monday' }]);
  });

  it('hands on what is to be lost, and who is to be disturbed', async () => {
    await rollback('--acknowledge', 'roll back web', '--discard', '--force', '--no-wait');
    expect(asked('lun.rollback')).toEqual([
      { name: 'web', snapshot: 'web@monday', discard: true, force: true },
    ]);
  });

  it('follows what is under way without asking again', async () => {
    served.gateway.replies.lun = () => success(lun({ rollingBackTo: 'web@monday' }));
    expect((await rollback()).code).toBe(0);
    expect(asked('lun.rollback')).toHaveLength(1);
  });
});

describe('keelson lun', () => {
  it('clone makes a LUN for the hosts that are named', async () => {
    served.gateway.replies.lun = () => success(lun({ name: 'test', clonedFrom: 'web@monday' }));
    const { code, stdout } = await keelson(served, [
      'lun',
      'clone',
      'web@monday',
      'test',
      '--host',
      'client',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cloned from +web@monday$/m);
    expect(asked('lun.clone')).toEqual([{ name: 'test', from: 'web@monday', hosts: ['client'] }]);
  });

  it.each(['web@', 'Web', 'web/x'])('clone of %j is refused, and nothing is asked', async (from) => {
    const { code, stderr } = await keelson(served, ['lun', 'clone', from, 'test']);
    expect([code, asked('lun.clone')]).toEqual([1, []]);
    expect(stderr).toContain('name_invalid');
  });

  it('delete takes the snapshots with it where that is said', async () => {
    await keelson(served, ['lun', 'delete', 'web', '--with-snapshots']);
    await keelson(served, ['lun', 'delete', 'web', '--force']);
    expect(asked('lun.delete')).toEqual([
      { name: 'web', snapshots: true },
      { name: 'web', force: true },
    ]);
  });
});
