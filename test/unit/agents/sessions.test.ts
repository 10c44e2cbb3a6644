import { beforeEach, expect, test } from 'vitest';
import { parseConnections, type Connection } from '../../../agents/lio-target/connections.ts';
import { readSessions } from '../../../agents/lio-target/sessions.ts';
import { KernelTarget } from './kernel-target.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const [web, db, idle] = ['web', 'db', 'idle'].map((name) => `iqn.2026-11.com.example:${name}`) as [
  string,
  string,
  string,
];
const portals = ['10.0.3.100', '10.0.4.100'];

/** As Linux 6.1 writes it. */
const info = (initiator: string, address: string): string =>
  [
    `InitiatorName: ${initiator}`,
    'InitiatorAlias: somebody',
    'LIO Session ID: 5   ISID: 0x00 02 3d 00 00 00  TSIH: 5  SessionType: Normal',
    'Session State: TARG_SESS_STATE_LOGGED_IN',
    '----------------------[iSCSI Connections]-------------------------',
    'CID: 0  Connection State: TARG_CONN_STATE_LOGGED_IN',
    `   Address ${address} TCP  StatSN: 0x004e0100`,
  ].join('\n');

let kernel: KernelTarget;
beforeEach(async () => {
  kernel = new KernelTarget();
  for (const path of [iqn, `${iqn}/tpgt_1`]) await kernel.makeFolder(`iscsi/${path}`);
  for (const name of [web, db, idle]) await kernel.makeFolder(`iscsi/${iqn}/tpgt_1/acls/${name}`);
});

const logIn = (name: string, address: string): Promise<void> =>
  kernel.write(`iscsi/${iqn}/tpgt_1/acls/${name}/info`, info(name, address));

const sessions = (...connections: readonly Connection[]) =>
  readSessions(kernel, () => Promise.resolve(connections), iqn, [web, db, idle], portals);

test('where nobody is logged in, nothing else is looked at', async () => {
  const never = () => Promise.reject(new Error('asked for nothing'));
  expect(await readSessions(kernel, never, iqn, [web, db, idle], portals)).toEqual([]);
});

test('one host with two ways is shown with both, though the kernel names one only', async () => {
  await logIn(web, '10.0.4.7');
  expect(
    await sessions(
      { address: '10.0.3.7', portal: '10.0.3.100' },
      { address: '10.0.4.7', portal: '10.0.4.100' },
      { address: '10.0.9.9', portal: '10.0.9.100' },
    ),
  ).toEqual([
    { initiator: web, address: '10.0.3.7', portal: '10.0.3.100' },
    { initiator: web, address: '10.0.4.7', portal: '10.0.4.100' },
  ]);
});

test('of two hosts each has its own; a way that nobody is named for has no name', async () => {
  await logIn(web, '10.0.3.7');
  await logIn(db, '10.0.3.8');
  expect(
    await sessions(
      { address: '10.0.3.8', portal: '10.0.3.100' },
      { address: '10.0.4.7', portal: '10.0.4.100' },
    ),
  ).toEqual([
    { initiator: db, address: '10.0.3.8', portal: '10.0.3.100' },
    { initiator: web, address: '10.0.3.7' },
    { address: '10.0.4.7', portal: '10.0.4.100' },
  ]);
});

test('a host that came through a portal of IPv6 is shown with its address', async () => {
  await logIn(web, '2001:db8:5::7');
  await logIn(db, '10.0.3.8');
  expect(
    await readSessions(
      kernel,
      () =>
        Promise.resolve([
          { address: '2001:db8:5::7', portal: '2001:db8:5::10' },
          { address: '10.0.3.8', portal: '10.0.3.100' },
        ]),
      iqn,
      [web, db, idle],
      [...portals, '2001:db8:5::10'],
    ),
  ).toEqual([
    { initiator: db, address: '10.0.3.8', portal: '10.0.3.100' },
    { initiator: web, address: '2001:db8:5::7', portal: '2001:db8:5::10' },
  ]);
});

test("the kernel's list of connections is read: IPv4, IPv6, IPv4 within IPv6; what listens is none", () => {
  const listing = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 6403000A:0CBC 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1',
    '   1: 6403000A:0CBC 0703000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 0',
    '   2: 6403000A:0016 0703000A:D432 01 00000000:00000000 00:00000000 00000000     0        0 0',
    '   3: B80D0120000000000000000064000000:0CBC B80D0120000000000000000007000000:D433 01 0:0',
    '   4: 0000000000000000FFFF00006403000A:0CBC 0000000000000000FFFF00000803000A:D434 01 0:0',
  ].join('\n');
  expect(parseConnections(listing)).toEqual([
    { portal: '10.0.3.100', address: '10.0.3.7' },
    { portal: '2001:db8::64', address: '2001:db8::7' },
    { portal: '10.0.3.100', address: '10.0.3.8' },
  ]);
});
