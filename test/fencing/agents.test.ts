import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFenceAgentsAgent } from '../../agents/fence-agents/agent.ts';
import { families } from '../../agents/fence-pdu/families.ts';
import { TOO_LATE } from '../../agents/too-late.ts';
import type { Parameters } from '../../src/model/index.ts';
import type { FenceVerb } from '../../src/ports/index.ts';
import { against } from './against.ts';
import { beginDeed, perform as performWith, until, type Deed } from './deeds.ts';
import { freePort } from './peers/free-port.ts';
import { peers } from './peers/installed.ts';
import { startBoard, type Board } from './peers/management-board.ts';
import { secrets, startUnit, type PowerUnit } from './peers/power-unit.ts';

const agent = createFenceAgentsAgent();
const perform = (verb: FenceVerb, parameters: Parameters, deed?: Deed): Promise<string> =>
  performWith(agent, verb, parameters, deed ?? beginDeed(45_000));

async function switchesOffAndOn(parameters: Parameters, seen: () => Promise<string>): Promise<void> {
  expect(await perform('status', parameters)).toBe('it says on');
  for (const power of ['off', 'off', 'on'] as const) {
    expect(await perform(power, parameters)).toBe(`it says ${power}`);
    expect(await seen()).toBe(power);
    expect(await perform('status', parameters)).toBe(`it says ${power}`);
  }
}

for (const peer of [peers.fenceIpmilan, peers.fenceIdrac])
  against(peer, () => {
    let board: Board;
    beforeEach(async () => {
      board = await startBoard();
    });
    afterEach(() => board.stop());

    const parameters = (change: Readonly<Record<string, string>> = {}, password?: string): Parameters => {
      const { address, port, username, password: right } = board.parameters;
      const options = { ip: address, ipport: String(port), username, lanplus: '1', cipher: '3', ...change };
      return { program: peer.program, options, secrets: { password: password ?? right } };
    };

    test('status, off and on; repeating changes nothing', () =>
      switchesOffAndOn(parameters(), async () => ((await board.power()) === '1' ? 'on' : 'off')));

    // The two differ in what they take for granted only.
    if (peer === peers.fenceIdrac) return;

    test('wrong password: named, not repeated, nothing is switched', async () => {
      const deed = beginDeed();
      const said = await perform('off', parameters({}, 'wrong'), deed);
      expect(said).toMatch(/^fence_(refused|not_confirmed): fence_/);
      expect(await board.power()).toBe('1');
      expect(`${deed.visible.join()} ${said}`).not.toContain('wrong');
    });

    test('wrong address: not confirmed', async () => {
      const said = await perform('off', parameters({ ipport: String(await freePort()), power_timeout: '2' }));
      expect(said).toMatch(/^fence_(unreachable|refused|not_confirmed): fence_/);
    });

    test('a board that says yes and does nothing: never believed', async () => {
      await board.jam();
      const said = await perform('off', parameters({ power_timeout: '2' }));
      expect(said).toMatch(/^fence_(refused|unreachable|not_confirmed): fence_/);
    });

    test('a board that hangs: the call ends at its deadline, and so do its programs', async () => {
      board.freeze();
      const deed = beginDeed();
      const off = perform('off', parameters(), deed);
      await until('the program running', () => deed.left().length > 0);
      deed.abort();
      expect(await off).toBe(`fence_unreachable: ${peer.program} has not ended ${TOO_LATE}`);
      expect(deed.left()).toEqual([]);
    });
  });

against(peers.fenceApcSnmp, () => {
  let unit: PowerUnit;
  beforeEach(async () => {
    unit = await startUnit(families['apc-masterswitch'], { 1: 'san-a', 2: 'san-b' });
  });
  afterEach(() => unit.stop());

  const parameters = (
    change: Readonly<Record<string, string>> = {},
    community = secrets.write,
  ): Parameters => ({
    program: 'fence_apc_snmp',
    options: { ip: unit.address, ipport: String(unit.port), snmp_version: '2c', plug: '2', ...change },
    secrets: { community },
  });

  test('status, off and on of the one outlet; repeating changes nothing', async () => {
    await switchesOffAndOn(parameters(), () => unit.state(2));
    expect(await unit.state(1)).toBe('on');
  });

  test('SNMP 3, authenticated and encrypted: off', async () => {
    const { options } = parameters() as { readonly options: Readonly<Record<string, string>> };
    const byUser = {
      program: 'fence_apc_snmp',
      options: {
        ...options,
        snmp_version: '3',
        snmp_sec_level: 'authPriv',
        snmp_auth_prot: 'SHA',
        snmp_priv_prot: 'AES',
        username: secrets.user,
      },
      secrets: { password: secrets.authenticationKey, snmp_priv_passwd: secrets.privacyKey },
    };
    expect(await perform('off', byUser)).toBe('it says off');
    expect(await unit.state(2)).toBe('off');
  });

  test('wrong community, wrong outlet: named, nothing is switched', async () => {
    const deed = beginDeed(45_000);
    const said = await perform('off', parameters({}, 'not-mine'), deed);
    expect(said).toMatch(/^fence_(refused|unreachable|not_confirmed): fence_apc_snmp/);
    expect(`${said} ${deed.visible.join(' ')}`).not.toContain('not-mine');
    // The program itself says off of what is not there.
    for (const verb of ['status', 'off'] as const)
      expect(await perform(verb, parameters({ plug: '9' }))).toBe(
        "fence_outlet_unknown: fence_apc_snmp lists no '9'; there are: 1, san-a, 2, san-b",
      );
    expect(await Promise.all([1, 2].map((outlet) => unit.state(outlet)))).toEqual(['on', 'on']);
  });
});

against(peers.fenceDummy, () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keelson-dummy-'));
    await writeFile(join(folder, 'power'), 'on');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const parameters = (options: Readonly<Record<string, string>> = {}): Parameters => ({
    program: 'fence_dummy',
    options: { status_file: join(folder, 'power'), ...options },
    secrets: {},
  });

  test('status, off and on; repeating changes nothing', () =>
    switchesOffAndOn(parameters(), () => readFile(join(folder, 'power'), 'utf8')));

  test('one that takes 90 seconds: ends at its deadline, nothing is switched', async () => {
    const deed = beginDeed();
    const off = perform('off', parameters({ delay: '90' }), deed);
    await until('the program running', () => deed.left().length > 0);
    deed.abort();
    expect(await off).toBe(`fence_unreachable: fence_dummy has not ended ${TOO_LATE}`);
    expect(deed.left()).toEqual([]);
    expect(await readFile(join(folder, 'power'), 'utf8')).toBe('on');
  });

  test('options that it does not have, and programs that are not there: named', async () => {
    expect(await perform('status', parameters({ plugg: '3' }))).toBe(
      "agent_parameters_invalid: fence_dummy: it has no option 'plugg'",
    );
    expect(await perform('status', { ...parameters(), program: 'fence_nothing' })).toMatch(
      /^command_missing/,
    );
  });
});
