import { expect, test } from 'vitest';
import { createIpmiFenceAgent } from '../../../agents/fence-ipmi/agent.ts';
import { parsePower, sortFailure } from '../../../agents/fence-ipmi/ipmitool.ts';
import { contextWith } from './fake-context.ts';

const agent = createIpmiFenceAgent();

test('the state is read from the whole line only', () => {
  expect(parsePower('Chassis Power is off\n')).toBe('off');
  expect(parsePower('Chassis Power is on\n')).toBe('on');
  expect(parsePower('Chassis Power is offline\n')).toBeUndefined();
  expect(parsePower('')).toBeUndefined();
});

test('a failure that is not understood confirms nothing', () => {
  const output = { exitCode: 1, stdout: '', stderr: 'Segmentation fault' };
  expect(sortFailure(output, 'x').code).toBe('fence_not_confirmed');
});

test('a board that has cipher suite 3 switched off is asked with 17, and only such a one', async () => {
  const parameters = { address: '10.0.0.1', port: 623, username: 'admin', password: 'x' };
  const refusing = contextWith(({ args }) =>
    args.includes('17')
      ? { stdout: 'Chassis Power is off\n' }
      : { exitCode: 1, stderr: 'Error in open session response message : no matching cipher suite\n' },
  );
  expect(await agent.perform('status', parameters, refusing)).toEqual({ ok: true, value: 'off' });
  const other = contextWith(() => ({ exitCode: 1, stderr: 'RAKP 2 HMAC is invalid\n' }));
  expect(await agent.perform('status', parameters, other)).toMatchObject({
    failure: { code: 'fence_refused' },
  });
  expect(other.calls).toHaveLength(1);
});
