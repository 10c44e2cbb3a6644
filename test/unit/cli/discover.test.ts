import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed, failure, success } from '../../../src/model/index.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

let served: Served;
let folder: string;
beforeEach(async () => {
  served = await serve();
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  served.gateway.replies['fence.discover'] = () =>
    success({
      about: 'power distribution unit, family apc',
      outlets: [
        { name: 'san-a left', id: '#1', power: 'on' },
        { name: 'spare', id: '#2', power: 'off' },
      ],
      proposals: [{ node: 'san-a', fence: { kind: 'pdu', address: '10.0.0.9', outlets: ['san-a left'] } }],
      notes: ['no outlet is named after san-b'],
    });
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});

const asked = (): unknown => served.gateway.asked.findLast(({ kind }) => kind === 'fence.discover')?.request;

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('keelson fence discover', () => {
  it('shows what a unit has, what belongs to whom, and what only a test can show', async () => {
    const secret = written('community', 'not-for-all\n');
    const { code, stdout, stderr } = await keelson(served, [
      ...['fence', 'discover', 'pdu', '10.0.0.9', '--secret-file', secret],
      ...['--node', 'san-a', '--node', 'san-b'],
    ]);
    expect(code).toBe(0);
    expect(asked()).toEqual({
      device: {
        kind: 'pdu',
        address: '10.0.0.9',
        port: 161,
        family: 'apc',
        version: '2c',
        community: 'not-for-all',
      },
      nodes: ['san-a', 'san-b'],
    });
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['power distribution unit, family apc'],
      ['NAME', 'ID', 'POWER'],
      ['san-a left', '#1', 'on'],
      ['spare', '#2', 'off'],
      [''],
      ['# san-a: in the cluster file, with the credentials:'],
      ['fence: {"kind":"pdu","address":"10.0.0.9","outlets":["san-a left"]}'],
      [''],
    ]);
    expect(stderr).toContain('note: no outlet is named after san-b');
    expect(stderr).toContain('keelson fence test NODE');
    expect(`${stdout}${stderr}`).not.toContain('not-for-all');
  });

  it('takes a device as it stands in a cluster file, without what it is to say itself', async () => {
    const user = { username: 'k', authentication: 'sha', authenticationKey: 'change-me-c' };
    const device = { kind: 'pdu', address: '10.0.0.9', version: '3', ...user, privacy: 'none' };
    const file = written('unit.yaml', JSON.stringify({ ...device, level: 2, outlets: ['old'] }));
    expect((await keelson(served, ['fence', 'discover', '--file', file])).code).toBe(0);
    expect(asked()).toEqual({ device: { ...device, port: 161, family: 'apc' } });
  });

  it.each([
    [[], 'give a kind of device and where it is'],
    [['ipmi', '10.0.0.5'], '--username NAME'],
    [['ipmi', '10.0.0.5', '--username', 'u'], 'give --secret-file FILE where nobody can be asked'],
    [['scsi', '/dev/x'], 'ipmi, pdu, libvirt and sbd, not scsi'],
    [['pdu', '10.0.0.9', '10.0.0.8'], 'pdu is at one place'],
    [['pdu', '10.0.0.9', '--port', 'x', '--secret-file', '/dev/null'], '--port is a number, not x'],
  ])('%j is not understood', async (words, why) => {
    const { code, stderr } = await keelson(served, ['fence', 'discover', ...words]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(why) as string });
    expect(asked()).toBeUndefined();
  });

  it('ends with what the device says', async () => {
    const silent = failure('fence_unreachable', 'qemu+tls://kvm1/system: no route to host');
    served.gateway.replies['fence.discover'] = () => failed(silent);
    const { code, stderr } = await keelson(served, [
      'fence',
      'discover',
      'libvirt',
      'qemu+tls://kvm1/system',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('no route to host');
  });
});
