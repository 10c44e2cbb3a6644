import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { createPduFenceAgent } from '../../../agents/fence-pdu/agent.ts';
import { families } from '../../../agents/fence-pdu/families.ts';
import type { Parameters, Result } from '../../../src/model/index.ts';
import type { FenceVerb, Power } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { canSimulateUnits, secrets, startUnit, type PowerUnit } from './power-unit.ts';

const agent = createPduFenceAgent();

const perform = (verb: FenceVerb, parameters: Parameters, deadline = 8000): Promise<Result<Power>> =>
  agent.perform(
    verb,
    parameters,
    contextWith(() => ({}), AbortSignal.timeout(deadline)),
  );

const without = (parameters: Parameters, name: string): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name));

const failureOf = (result: Result<Power>): string =>
  result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;

describe.skipIf(!canSimulateUnits)('a power distribution unit', () => {
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

  test('both feeds of a node are off before it is off, and both are on again; its neighbours stay as they are', async () => {
    const { unit, parameters } = await start();
    expect(await perform('status', parameters)).toEqual({ ok: true, value: 'on' });
    expect(await perform('off', { ...parameters, outlets: ['san-a left'] })).toEqual({
      ok: true,
      value: 'off',
    });
    expect(await perform('status', parameters), 'one of two feeds').toEqual({ ok: true, value: 'on' });
    for (const power of ['off', 'off', 'on', 'on'] as const) {
      expect(await perform(power, parameters)).toEqual({ ok: true, value: power });
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
    expect(await perform('off', { ...rest, ...credentials })).toEqual({ ok: true, value: 'off' });
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
    const said = await Promise.all(wrong.map(([change]) => perform('off', { ...rest, ...change }, 6000)));
    for (const [index, result] of said.entries()) {
      expect(failureOf(result)).toMatch(wrong[index]?.[1] ?? /never/);
      expect(failureOf(result)).not.toContain('not-the-right-one');
    }
    expect(await unit.state(1)).toBe('on');
  });

  test('a unit that says yes and does nothing is never believed, and says which outlet is late', async () => {
    const { unit, parameters } = await start();
    await unit.jam();
    expect(failureOf(await perform('off', parameters, 2000))).toBe(
      'fence_not_confirmed: the PDU does not say that san-a left, san-a right is off',
    );
  });

  test('one that takes its time is waited for', async () => {
    const { unit, parameters } = await start();
    await unit.delay(1);
    expect(await perform('off', parameters)).toEqual({ ok: true, value: 'off' });
    expect(await unit.state(1)).toBe('off');
  });

  test('an outlet that is not there, a name twice, and names that are lost: nothing is switched', async () => {
    const { unit, parameters } = await start();
    const rest = without(parameters, 'outlets');
    const off = async (name: string): Promise<string> =>
      failureOf(await perform('off', { ...rest, outlets: [name] }));
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
    expect(failureOf(await perform('off', parameters, 20_000))).toBe(
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
        expect(await perform(power, parameters)).toEqual({ ok: true, value: power });
        expect(await Promise.all([1, 2, 3].map((outlet) => unit.state(outlet)))).toEqual([
          power,
          'on',
          power,
        ]);
      }
    },
  );

  const fenceApc = spawnSync('sh', ['-c', 'command -v fence_apc_snmp']).status === 0;

  test.skipIf(!fenceApc)(
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
      expect(await perform('status', left)).toEqual({ ok: true, value: 'off' });
      expect(await perform('on', left)).toEqual({ ok: true, value: 'on' });
      expect(ask('status')).toBe('done');
      expect(await perform('off', left)).toEqual({ ok: true, value: 'off' });
      expect(ask('status')).toBe('failed or off');
    },
  );
});
