import { spawnSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { createPduFenceAgent } from '../../agents/fence-pdu/agent.ts';
import { families } from '../../agents/fence-pdu/families.ts';
import { TOO_LATE } from '../../agents/too-late.ts';
import type { Parameters } from '../../src/model/index.ts';
import type { FenceVerb } from '../../src/ports/index.ts';
import { against } from './against.ts';
import { beginDeed, discover, perform as performWith, until, type Deed } from './deeds.ts';
import { isInstalled, peers } from './peers/installed.ts';
import { secrets, startUnit, type PowerUnit } from './peers/power-unit.ts';

const agent = createPduFenceAgent();
const perform = (verb: FenceVerb, parameters: Parameters, deed?: Deed): Promise<string> =>
  performWith(agent, verb, parameters, deed);

const without = (parameters: Parameters, name: string): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name));

against(peers.unit, () => {
  let unit: PowerUnit | undefined;
  afterEach(async () => {
    await unit?.stop();
    unit = undefined;
  });

  const start = async (
    family: keyof typeof families = 'apc',
    names: Readonly<Record<string, string>> = {
      1: 'san-a left',
      2: 'san-b left',
      3: 'san-a right',
      4: 'switch',
    },
  ): Promise<{ readonly unit: PowerUnit; readonly parameters: Parameters }> => {
    unit = await startUnit(families[family], names);
    const { address, port } = unit;
    const parameters = { address, port, family, outlets: ['san-a left', 'san-a right'] };
    return { unit, parameters: { ...parameters, version: '2c', community: secrets.write } };
  };

  test('says what its outlets are called, and how each is; nothing is switched', async () => {
    const { unit, parameters } = await start();
    await perform('off', { ...parameters, outlets: ['switch'] });
    const access = without(parameters, 'outlets');
    expect(await discover(agent, access)).toEqual({
      about: 'power distribution unit, family apc',
      outlets: [
        { name: 'san-a left', id: '#1', power: 'on' },
        { name: 'san-b left', id: '#2', power: 'on' },
        { name: 'san-a right', id: '#3', power: 'on' },
        { name: 'switch', id: '#4', power: 'off' },
      ],
    });
    expect(await Promise.all([1, 4].map((outlet) => unit.state(outlet)))).toEqual(['on', 'off']);
    expect(await discover(agent, { ...access, family: 'eaton' })).toMatch(
      /^fence_outlet_unknown: the unit at .* has no outlets of the family eaton; try apc, /,
    );
    expect(await discover(agent, { ...access, community: 'not-mine' })).toMatch(/^fence_unreachable: /);
  });

  test('both feeds of a node are off before it is off, and both are on again; its neighbours stay as they are', async () => {
    const { unit, parameters } = await start();
    expect(await perform('status', parameters)).toBe('it says on');
    expect(await perform('off', { ...parameters, outlets: ['san-a left'] })).toBe('it says off');
    expect(await perform('status', parameters), 'one of two feeds').toBe('it says on');
    for (const power of ['off', 'off', 'on', 'on'] as const) {
      expect(await perform(power, parameters)).toBe(`it says ${power}`);
      expect(await Promise.all([1, 2, 3, 4].map((outlet) => unit.state(outlet)))).toEqual([
        power,
        'on',
        power,
        'on',
      ]);
    }
  });

  const byUser = {
    version: '3',
    username: secrets.user,
    authentication: 'sha',
    authenticationKey: secrets.authenticationKey,
    privacy: 'aes',
    privacyKey: secrets.privacyKey,
  };

  test.each([
    ['1', { version: '1', community: secrets.write }],
    ['2c', { version: '2c', community: secrets.write }],
    ['3, authenticated and encrypted', byUser],
  ])('SNMP %s', async (_, credentials) => {
    const { unit, parameters } = await start();
    const rest = without(parameters, 'community');
    expect(await perform('off', { ...rest, ...credentials })).toBe('it says off');
    expect(await unit.state(3)).toBe('off');
  });

  test('wrong credentials are told apart where the unit tells them apart, and switch nothing', async () => {
    const { unit, parameters } = await start();
    const rest = without(parameters, 'community');
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ version: '2c', community: secrets.read }, /^fence_refused/],
      [{ version: '1', community: secrets.read }, /^fence_refused/],
      [{ version: '2c', community: 'wrong' }, /^fence_unreachable: .*wrong community/],
      [{ ...byUser, username: 'nobody' }, /^fence_refused: .*user/i],
      [{ ...byUser, authenticationKey: 'not-the-right-one' }, /^fence_refused: .*password/i],
      [{ ...byUser, privacyKey: 'not-the-right-one' }, /^fence_(refused|unreachable)/],
    ];
    const said = await Promise.all(wrong.map(([change]) => perform('off', { ...rest, ...change })));
    for (const [index, result] of said.entries()) {
      expect(result).toMatch(wrong[index]?.[1] ?? /never/);
      expect(result).not.toContain('not-the-right-one');
    }
    expect(await unit.state(1)).toBe('on');
  });

  test('a unit that says yes and does nothing is never believed, and says which outlet is late', async () => {
    const { unit, parameters } = await start();
    await unit.jam();
    expect(await perform('off', parameters, beginDeed(2000))).toBe(
      `fence_not_confirmed: the PDU does not say that san-a left, san-a right is off ${TOO_LATE}`,
    );
  });

  test('one of two feeds that says yes and does nothing: that one is named', async () => {
    const { unit, parameters } = await start();
    await unit.jam(3);
    const deed = beginDeed();
    const off = perform('off', parameters, deed);
    await until('the other feed off', async () => (await unit.state(1)) === 'off');
    // A look has to see it, too.
    await until('the unit saying so', async () => {
      const left = { ...parameters, outlets: ['san-a left'] };
      return (await perform('status', left)) === 'it says off';
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    deed.abort();
    expect(await off).toMatch(/^fence_not_confirmed: .* that san-a right is off/);
    expect(await unit.state(3)).toBe('on');
  });

  test('a unit that hangs: the call ends at its deadline', async () => {
    const { unit, parameters } = await start();
    unit.freeze();
    const deed = beginDeed();
    const off = perform('off', parameters, deed);
    deed.abort();
    expect(await off).toMatch(/^fence_unreachable: PDU /);
  });

  test('one that takes its time is waited for', async () => {
    const { unit, parameters } = await start();
    await unit.hold();
    const off = perform('off', parameters);
    const looked = await perform('status', parameters);
    expect(looked).toBe('it says on');
    expect(await unit.state(1)).toBe('on');
    await unit.release();
    expect(await off).toBe('it says off');
    expect(await unit.state(1)).toBe('off');
  });

  test('an outlet that is not there, a name twice, and names that are lost: nothing is switched', async () => {
    const { unit, parameters } = await start();
    const rest = without(parameters, 'outlets');
    const off = (name: string): Promise<string> => perform('off', { ...rest, outlets: [name] });
    expect(await off('san-c')).toBe(
      "fence_outlet_unknown: no outlet is called 'san-c'; there are: san-a left, san-b left, san-a right, switch",
    );
    expect(await off('#9')).toMatch(/^fence_outlet_unknown/);
    await unit.rename(2, 'san-a left');
    expect(await off('san-a left')).toBe(
      "fence_outlet_unknown: outlets 1 and 2 are both called 'san-a left'",
    );
    for (const outlet of [1, 2, 3, 4]) await unit.rename(outlet, '');
    expect(await off('san-a left')).toContain('there are: none with a name');
    expect(await Promise.all([1, 2, 3, 4].map((outlet) => unit.state(outlet)))).toEqual([
      'on',
      'on',
      'on',
      'on',
    ]);
    expect(await off('#2')).toBe('it says off');
    expect(await unit.state(2)).toBe('off');
  });

  test('an address where nobody is', async () => {
    const { unit, parameters } = await start();
    await unit.stop();
    // By its own patience, long before the deadline, which would have said something else.
    expect(await perform('off', parameters)).toBe(
      `fence_unreachable: PDU ${unit.address}:${unit.port}: no answer (it does not answer to a wrong community either)`,
    );
  });

  test.each(['apc-masterswitch', 'cyberpower', 'eaton', 'raritan'] as const)(
    'of the family %s',
    async (family) => {
      const nested = family === 'eaton' ? '0.' : family === 'raritan' ? '1.' : '';
      const { unit, parameters } = await start(family, {
        [`${nested}1`]: 'san-a left',
        [`${nested}2`]: 'san-b left',
        [`${nested}10`]: 'san-a right',
      });
      for (const power of ['off', 'on'] as const) {
        expect(await perform(power, parameters)).toBe(`it says ${power}`);
        expect(await Promise.all([1, 2, 3].map((outlet) => unit.state(outlet)))).toEqual([
          power,
          'on',
          power,
        ]);
      }
    },
  );

  test.skipIf(!isInstalled('fence_apc_snmp'))(
    "what Debian's own agent switches off, is off; what ours does, is off for it",
    async () => {
      const { unit, parameters } = await start('apc-masterswitch');
      const ask = (action: string): string => {
        const asked = [
          `ip=${unit.address}`,
          `ipport=${unit.port}`,
          `community=${secrets.write}`,
          'snmp_version=2c',
        ];
        const input = [...asked, 'port=1', `action=${action}`, ''].join('\n');
        return spawnSync('fence_apc_snmp', { input }).status === 0 ? 'done' : 'failed or off';
      };
      const left = { ...parameters, outlets: ['san-a left'] };
      expect(ask('off')).toBe('done');
      expect(await perform('status', left)).toBe('it says off');
      expect(await perform('on', left)).toBe('it says on');
      expect(ask('status')).toBe('done');
      expect(await perform('off', left)).toBe('it says off');
      expect(ask('status')).toBe('failed or off');
    },
  );
});
