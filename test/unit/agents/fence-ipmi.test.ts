import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createIpmiFenceAgent } from '../../../agents/fence-ipmi/agent.ts';
import { parsePower, sortFailure } from '../../../agents/fence-ipmi/ipmitool.ts';
import { runProgram } from '../../../src/platform/processes/run.ts';
import type { AgentContext } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { canSimulateBoards, startBoard, type Board } from './management-board.ts';

const agent = createIpmiFenceAgent();

/** Runs real programs, and remembers what every user of the machine could see of them. */
function contextFor(deadline: number): AgentContext & { readonly visible: string[] } {
  const signal = AbortSignal.timeout(deadline);
  const visible: string[] = [];
  return {
    node: 'san-a',
    signal,
    visible,
    log: (line) => visible.push(line),
    run: (program, args, options = {}) => {
      visible.push([program, ...args].join(' '));
      return runProgram(program, args, options, { signal });
    },
  };
}

describe.skipIf(!canSimulateBoards)('a management board', () => {
  let board: Board;
  beforeEach(async () => {
    board = await startBoard();
  });
  afterEach(() => board.stop());

  test('tells the power', async () => {
    expect(await agent.perform('status', board.parameters, contextFor(5000))).toEqual({
      ok: true,
      value: 'on',
    });
    await board.setPower('0');
    expect(await agent.perform('status', board.parameters, contextFor(5000))).toEqual({
      ok: true,
      value: 'off',
    });
  });

  test('switches off and on, and repeating changes nothing', async () => {
    for (const [power, seen] of [
      ['off', '0'],
      ['off', '0'],
      ['on', '1'],
      ['on', '1'],
    ] as const) {
      expect(await agent.perform(power, board.parameters, contextFor(5000))).toEqual({
        ok: true,
        value: power,
      });
      expect(await board.power()).toBe(seen);
    }
  });

  test('that takes its time is believed only once it says off', async () => {
    await board.delay(1);
    const context = contextFor(8000);
    expect(await agent.perform('off', board.parameters, context)).toEqual({ ok: true, value: 'off' });
    expect(await board.power()).toBe('0');
    expect(context.visible.filter((line) => line.endsWith('chassis power off'))).toHaveLength(1);
  });

  test('that takes the order and does nothing is never believed', async () => {
    await board.jam();
    const result = await agent.perform('off', board.parameters, contextFor(2000));
    expect(result).toMatchObject({ ok: false, failure: { code: 'fence_not_confirmed' } });
    expect(result.ok ? '' : result.failure.message).toContain('still says on');
  });

  test('refuses a wrong password and a wrong user', async () => {
    for (const wrong of [{ password: 'wrong' }, { username: 'nobody' }]) {
      const result = await agent.perform('off', { ...board.parameters, ...wrong }, contextFor(9000));
      expect(result).toMatchObject({ ok: false, failure: { code: 'fence_refused' } });
      expect(await board.power()).toBe('1');
    }
  });

  test('gets its password where nobody else sees it', async () => {
    const context = contextFor(5000);
    await agent.perform('off', board.parameters, context);
    expect(context.visible.join('\n')).not.toContain(board.parameters.password);
    const result = await agent.perform('off', { ...board.parameters, username: '-x' }, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
  });
});

describe('a board that is not there', () => {
  const nowhere = { address: '127.0.0.1', port: 9, username: 'admin', password: 'x' };

  test.skipIf(!canSimulateBoards)('is unreachable, and that is known in a few seconds', async () => {
    const before = performance.now();
    const result = await agent.perform('off', nowhere, contextFor(9000));
    expect(result).toMatchObject({ ok: false, failure: { code: 'fence_unreachable' } });
    expect(performance.now() - before).toBeLessThan(8000);
  });

  test.skipIf(!canSimulateBoards)('is unreachable at the deadline, too', async () => {
    const result = await agent.perform('off', nowhere, contextFor(300));
    expect(result).toMatchObject({ ok: false, failure: { code: 'fence_unreachable' } });
  });
});

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
