import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  failed,
  failure,
  milliseconds,
  success,
  type Failure,
  type FenceTest,
  type NodeView,
  type OperationView,
  type ResourceView,
} from '../../../src/model/index.ts';
import { status } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const asked = (kind: string): unknown => served.gateway.asked.findLast((one) => one.kind === kind)?.request;

const node = (given: Partial<NodeView> = {}): NodeView => ({
  name: 'san-a',
  state: 'online',
  since: undefined,
  isController: true,
  fencing: undefined,
  fenceDevices: [],
  instances: [],
  ...given,
});

const resource = (given: Partial<ResourceView> = {}): ResourceView => ({
  id: 'lun-web',
  agent: 'lio-lun',
  policy: {},
  instances: [
    { node: 'san-a', state: 'running', failure: undefined },
    { node: 'san-b', state: 'stopped', failure: undefined },
  ],
  ...given,
});

describe('keelson fence', () => {
  it('lists the devices of every node, in the order in which they are tried', async () => {
    const device = { kind: 'ipmi', level: 1, by: 'san-b', since: milliseconds(0) } as const;
    served.gateway.replies['nodes'] = () =>
      success([
        node({
          fenceDevices: [
            {
              ...device,
              name: 'ipmi-san-a',
              state: 'failing',
              failure: failure('fence_unreachable', 'no answer'),
            },
            {
              ...device,
              name: 'pdu-san-a',
              kind: 'pdu',
              level: 2,
              state: 'ready',
              failure: undefined,
              proof: { testedAt: milliseconds(Date.parse('2026-11-20T10:00:00Z')), took: milliseconds(2100) },
            },
          ],
        }),
        node({ name: 'san-b' }),
      ]);
    const { stdout } = await keelson(served, ['fence', 'list']);
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['NODE', 'LEVEL', 'DEVICE', 'KIND', 'STATE', 'TESTED'],
      ['san-a', '1', 'ipmi-san-a', 'ipmi', 'failing', 'never', 'no answer'],
      ['san-a', '2', 'pdu-san-a', 'pdu', 'ready', '2026-11-20', 'as san-b saw it'],
      ['san-b', 'missing', 'it could not be fenced'],
      [''],
    ]);
  });

  it('passes on what a person has seen, in the words that are asked for', async () => {
    served.gateway.replies['node.confirm-off'] = () => success({ node: 'san-b' });
    const { stdout } = await keelson(served, ['fence', 'confirm', 'san-b', '--acknowledge', 'san-b is off']);
    expect(asked('node.confirm-off')).toEqual({ name: 'san-b', acknowledgement: 'san-b is off' });
    expect(stdout).toContain('san-b is taken for off');
  });

  it('tests level after level, to the end of each, and says what it waits for', async () => {
    const tests: FenceTest[] = [
      { level: 1, state: 'running', startedAt: milliseconds(0), revision: 1 },
      { level: 1, state: 'dark', startedAt: milliseconds(0), revision: 1, took: milliseconds(2100) },
      { level: 1, state: 'passed', startedAt: milliseconds(0), revision: 1 },
      { level: 2, state: 'passed', startedAt: milliseconds(0), revision: 1 },
    ];
    const device = { by: 'san-b', since: milliseconds(0), state: 'ready', failure: undefined } as const;
    const fenceDevices = [
      { ...device, kind: 'ipmi', name: 'ipmi-san-a', level: 1 },
      { ...device, kind: 'pdu', name: 'pdu-san-a', level: 2 },
    ] as const;
    served.gateway.replies['fence.test'] = () => success(node());
    let asks = -1;
    served.gateway.replies['nodes'] = () => {
      const fenceTest = tests[asks];
      asks += 1;
      return success([node({ fenceDevices, ...(fenceTest && { fenceTest }) })]);
    };
    const { code, stdout, stderr } = await keelson(served, ['fence', 'test', 'san-a']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'san-a: it was put out and came back, by each of 2 levels.\n',
    });
    expect(stderr).toContain('level 1 of san-a: it is being switched off');
    expect(stderr).toContain('it is off, confirmed after 2.1 s; waiting for it to come back');
    expect(asked('fence.test')).toEqual({ name: 'san-a', level: 2, dry: false });
  });

  it('tells why a test failed, and ends with its code', async () => {
    const cause = failure('fence_device_lies', 'ipmi-san-a said that san-a is off, and it is there');
    const fenceTest = {
      level: 1,
      state: 'failed',
      startedAt: milliseconds(0),
      revision: 1,
      failure: cause,
    } as const;
    served.gateway.replies['fence.test'] = () => success(node());
    served.gateway.replies['nodes'] = () => success([node({ fenceTest })]);
    const { code, stderr } = await keelson(served, ['fence', 'test', 'san-a', '--level', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('fence_device_lies');
    expect(stderr).toContain('ipmi-san-a said that san-a is off, and it is there');
  });

  it('records a waiver with its reason, and ends it', async () => {
    served.gateway.replies['fence.waive'] = () => success(node());
    const waived = await keelson(served, ['fence', 'waive', 'san-a', '--reason', 'no board yet']);
    expect(waived.stdout).toContain('san-a is trusted to be fenced without a test');
    expect(asked('fence.waive')).toEqual({ name: 'san-a', reason: 'no board yet' });
    await keelson(served, ['fence', 'waive', 'san-a', '--end']);
    expect(asked('fence.waive')).toEqual({ name: 'san-a' });
    const neither = await keelson(served, ['fence', 'waive', 'san-a']);
    expect({ code: neither.code, stderr: neither.stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('give --reason TEXT, or --end') as string,
    });
  });

  it('asks what becomes of nodes that were fenced, of all or of one', async () => {
    served.gateway.replies['cluster.set'] = () => success({ maintenance: false, fenceAction: 'off' });
    const all = await keelson(served, ['fence', 'action', 'off']);
    expect(asked('cluster.set')).toEqual({ fenceAction: 'off' });
    expect(all.stdout).toContain('stays off when it was fenced, until `keelson node power-on`');

    served.gateway.replies['node.set'] = () => success(node({ fenceAction: 'off' }));
    const one = await keelson(served, ['fence', 'action', 'default', '--node', 'san-a']);
    expect(asked('node.set')).toEqual({ name: 'san-a', fenceAction: null });
    expect(one.stdout).toContain('san-a: it stays off');
    for (const wrong of [['default'], ['poweroff', '--node', 'san-a']]) {
      const { code, stderr } = await keelson(served, ['fence', 'action', ...wrong]);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining('give reboot or off') as string,
      });
    }
  });

  it('lists who was put out, why, by what and how fast', async () => {
    served.gateway.replies['fence.history'] = () =>
      success([
        {
          node: 'san-b',
          boot: 'b',
          revision: 1,
          at: milliseconds(Date.parse('2026-11-20T10:00:00Z')),
          reason: 'it is lost',
          by: 'san-a',
          devices: ['ipmi-san-b'],
          attempts: 2,
          took: milliseconds(3100),
          devicesTook: milliseconds(2100),
        },
      ]);
    const { stdout } = await keelson(served, ['fence', 'history', '--limit', '5']);
    expect(asked('fence.history')).toEqual({ limit: 5 });
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).toEqual([
      '2026-11-20T10:00:00.000Z',
      'san-b',
      'ipmi-san-b by san-a',
      '3.1 s',
      '2',
      'it is lost',
    ]);
  });

  it('asks nobody where there is no terminal', async () => {
    const { code, stderr } = await keelson(served, ['fence', 'confirm', 'san-b']);
    expect(code).toBe(2);
    expect(stderr).toContain("--acknowledge 'san-b is off'");
    expect(asked('node.confirm-off')).toBeUndefined();
  });
});

describe('keelson node', () => {
  it.each([
    ['standby', { name: 'san-a', standby: true }, node({ standby: true }), 'san-a: online, standby\n'],
    ['online', { name: 'san-a', standby: false }, node(), 'san-a: online\n'],
    [
      'maintenance',
      { name: 'san-a', maintenance: true },
      node({ maintenance: true }),
      'san-a: online, maintenance\n',
    ],
    [
      'ready',
      { name: 'san-a', standby: false, maintenance: false, leaving: false },
      node(),
      'san-a: online\n',
    ],
  ])('%s asks for it and shows the node', async (word, request, answer, output) => {
    served.gateway.replies['node.set'] = () => success(answer);
    const { code, stdout, stderr } = await keelson(served, ['node', word, 'san-a']);
    expect([code, stdout, stderr]).toEqual([0, output, '']);
    expect(asked('node.set')).toEqual(request);
  });

  it('standby shows the refusal and the way out', async () => {
    served.gateway.replies['node.set'] = ({ force }) =>
      force === true
        ? success(node({ standby: true }))
        : failed(failure('data_would_stop', 'no other node could take drbd-p1'));
    const { code, stderr } = await keelson(served, ['node', 'standby', 'san-a']);
    expect(code).toBe(1);
    expect(stderr).toContain('Data would go out of service: no other node could take drbd-p1');
    expect(stderr).toContain('--force');
    const forced = await keelson(served, ['node', 'standby', 'san-a', '--force']);
    expect(forced.code).toBe(0);
  });

  const operation = (state: OperationView['state'], cause?: Failure): OperationView => ({
    id: 'operation-1',
    kind: 'node.power-on',
    subject: 'san-b',
    state,
    createdAt: milliseconds(0),
    finishedAt: undefined,
    failure: cause,
  });

  it('power-on waits until the devices say that the node has power', async () => {
    served.gateway.replies['node.power-on'] = () => success({ operation: operation('running') });
    served.gateway.replies['operation'] = () => success(operation('succeeded'));
    const { code, stdout, stderr } = await keelson(served, ['node', 'power-on', 'san-b']);
    expect(asked('node.power-on')).toEqual({ name: 'san-b' });
    expect([code, stdout]).toEqual([
      0,
      'san-b is switched on; it joins when it has started (`keelson node list`).\n',
    ]);
    expect(stderr).toContain('switching san-b on (operation operation-1)');
    const begun = await keelson(served, ['node', 'power-on', 'san-b', '--no-wait']);
    expect(begun.stdout).toBe('Begun. See `keelson operation show operation-1`.\n');
  });

  it('power-on ends with the failure of the devices, and with the reason of a refusal', async () => {
    served.gateway.replies['node.power-on'] = () => success({ operation: operation('running') });
    const silent = failure('fence_unreachable', 'ipmi-san-b: no answer');
    served.gateway.replies['operation'] = () => success(operation('failed', silent));
    const late = await keelson(served, ['node', 'power-on', 'san-b']);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('node.power-on san-b: ipmi-san-b: no answer');
    served.gateway.replies['node.power-on'] = () => failed(failure('node_off_unconfirmed', 'san-b is lost'));
    const refused = await keelson(served, ['node', 'power-on', 'san-b']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Nobody knows yet that the node is off: san-b is lost');
  });

  const replacing = (state: OperationView['state']): OperationView => ({
    ...operation(state),
    kind: 'node.replace',
  });

  it('replace waits until the new disk is filled', async () => {
    served.gateway.replies['node.replace'] = () => success({ operation: replacing('running') });
    served.gateway.replies['operation'] = () => success(replacing('succeeded'));
    const disk = '/dev/disk/by-id/new';
    const { code, stdout, stderr } = await keelson(served, ['node', 'replace', 'san-b', '--disk', disk]);
    expect(asked('node.replace')).toEqual({ name: 'san-b', disk });
    expect([code, stdout]).toEqual([0, 'The new disk of san-b is filled: both nodes have all the data.\n']);
    expect(stderr).toContain('replacing the disk of san-b (operation operation-1)');
  });

  it('replace without a disk is of the machine, and says what is to be tested then; the token may change meanwhile', async () => {
    served.gateway.replies['node.replace'] = () => success({ operation: replacing('running') });
    served.gateway.replies['operation'] = () => success(replacing('succeeded'));
    const { code, stdout, stderr } = await keelson(served, ['node', 'replace', 'san-b']);
    expect(asked('node.replace')).toEqual({ name: 'san-b', machine: true });
    expect(code).toBe(0);
    expect(stdout).toContain('Its fencing is to be tested: keelson fence test san-b');
    expect(stderr).toContain('replacing the machine of san-b');
  });

  it('replace names the disks by pool where there are several, and what may be overwritten', async () => {
    served.gateway.replies['node.replace'] = () => success({ operation: replacing('running') });
    const given = ['--disk', 'fast=/dev/disk/by-id/one', '--disk', 'slow=/dev/disk/by-id/two'];
    const more = ['--overwrite', '/dev/disk/by-id/two', '--no-wait'];
    const { stdout } = await keelson(served, ['node', 'replace', 'san-b', ...given, ...more]);
    expect(stdout).toBe('Begun. See `keelson operation show operation-1`.\n');
    expect(asked('node.replace')).toEqual({
      name: 'san-b',
      disks: { fast: '/dev/disk/by-id/one', slow: '/dev/disk/by-id/two' },
      overwrite: ['/dev/disk/by-id/two'],
    });
    const wrong = await keelson(served, [
      'node',
      'replace',
      'san-b',
      ...given.slice(0, 2),
      '--disk',
      '/dev/x',
    ]);
    expect(wrong.code).toBe(2);
    const unstable = await keelson(served, ['node', 'replace', 'san-b', '--disk', '/dev/sdb']);
    expect([unstable.code, unstable.stderr]).toEqual([1, expect.stringContaining('/dev/disk/by-id')]);
  });

  it('leave of this node waits until nothing is active there, and tells what is', async () => {
    served.gateway.replies.status = () => success(status());
    let left = 3;
    served.gateway.replies['node.leave'] = ({ name = '' }) => {
      left -= 1;
      return success({
        node: name,
        left: left === 0,
        active: left === 0 ? [] : ['lun-web', 'drbd-p1'].slice(2 - left),
      });
    };
    const { code, stdout, stderr } = await keelson(served, ['node', 'leave']);
    expect([code, stdout]).toEqual([0, 'Nothing is active on san-a any more; it may be switched off.\n']);
    expect(stderr).toBe('still active on san-a: 2 (lun-web, drbd-p1)\nstill active on san-a: 1 (drbd-p1)\n');
    expect(asked('node.leave')).toEqual({ name: 'san-a', force: false });
  });

  it('leave gives up waiting in time, and says what is still there', async () => {
    served.gateway.replies['node.leave'] = () => success({ node: 'san-b', left: false, active: ['drbd-p1'] });
    const { code, stderr } = await keelson(served, ['node', 'leave', 'san-b', '--timeout', '600ms']);
    expect(code).toBe(1);
    expect(stderr).toContain('The node has not left in time: after 600ms still active on san-b: 1 (drbd-p1)');
  });

  it('leave asks on while the nodes exchange their state, and shows a refusal at once', async () => {
    let times = 0;
    served.gateway.replies['node.leave'] = () => {
      times += 1;
      return times === 1
        ? failed(failure('not_synchronised', 'just now'))
        : failed(failure('not_managed', 'lun-web on san-b is not managed'));
    };
    const { code, stderr } = await keelson(served, ['node', 'leave', 'san-b']);
    expect([code, times]).toEqual([1, 2]);
    expect(stderr).toContain('no answer, asking again: ');
    expect(stderr).toContain('code: not_managed');
  });
});

describe('keelson cluster maintenance', () => {
  it('is switched on and off, and shown in the status', async () => {
    served.gateway.replies['cluster.set'] = ({ maintenance = false }) =>
      success({ maintenance, fenceAction: 'reboot' });
    expect((await keelson(served, ['cluster', 'maintenance', 'on'])).code).toBe(0);
    expect(asked('cluster.set')).toEqual({ maintenance: true });
    served.gateway.replies.status = () => success(status({ maintenance: true }));
    expect((await keelson(served, ['status'])).stdout).toContain('IN MAINTENANCE');
    expect((await keelson(served, ['cluster', 'maintenance', 'maybe'])).code).toBe(2);
  });
});

describe('keelson resource', () => {
  it('list shows where they are and what was asked for', async () => {
    const policy = {
      managed: false,
      onFail: { monitor: 'block' },
      startDelay: 5000,
    } as ResourceView['policy'];
    served.gateway.replies.resources = () =>
      success([resource(), resource({ id: 'lun-db', policy, unmanaged: true })]);
    const { stdout } = await keelson(served, ['resource', 'list']);
    expect(stdout).toMatch(/^lun-web +san-a +-$/m);
    expect(stdout).toMatch(/^lun-db +san-a +- +managed=off on-fail:monitor=block start-delay=5000ms$/m);
  });

  it('set sends only what was asked for, in the units of the API', async () => {
    served.gateway.replies['resource.set'] = () => success(resource({ policy: { managed: false } }));
    // prettier-ignore
    const words = ['resource', 'set', 'lun-web', '--managed', 'off', '--on-fail', 'monitor=block', '--on-fail', 'start=standby',
      '--start-delay', '10s', '--migration-threshold', '5', '--failure-timeout', '2min', '--target-role', 'started'];
    const { code, stdout } = await keelson(served, words);
    expect([code, stdout]).toEqual([0, 'lun-web: managed=off\n']);
    expect(asked('resource.set')).toEqual({
      id: 'lun-web',
      policy: {
        managed: false,
        onFail: { monitor: 'block', start: 'standby' },
        startDelay: 10_000,
        migrationThreshold: 5,
        failureTimeout: 120_000,
        targetRole: 'started',
      },
    });
  });

  it('unset gives back the defaults', async () => {
    served.gateway.replies['resource.set'] = () => success(resource());
    await keelson(served, ['resource', 'unset', 'lun-web', 'managed', 'start-delay']);
    expect(asked('resource.set')).toEqual({ id: 'lun-web', policy: { managed: true, startDelay: null } });
  });

  it.each([
    [['set', 'lun-web']],
    [['set', 'lun-web', '--managed', 'perhaps']],
    [['set', 'lun-web', '--on-fail', 'monitor=explode']],
    [['set', 'lun-web', '--on-fail', 'create=block']],
    [['set', 'lun-web', '--start-delay', '10']],
    [['set', 'lun-web', '--migration-threshold', '0']],
    [['unset', 'lun-web', 'everything']],
  ])('%j cannot be understood, and nothing is asked', async (words) => {
    const { code } = await keelson(served, ['resource', ...words]);
    expect([code, served.gateway.asked]).toEqual([2, []]);
  });

  it('the API refuses what the schema does not know', async () => {
    const { status: answered } = await served.send('PATCH', '/api/v1/resources/lun-web', { startDelay: -1 });
    expect([answered, served.gateway.asked]).toEqual([400, []]);
  });
});
