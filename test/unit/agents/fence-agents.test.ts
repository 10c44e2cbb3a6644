import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFenceAgentsAgent } from '../../../agents/fence-agents/agent.ts';
import { parseMetadata } from '../../../agents/fence-agents/metadata.ts';
import { families } from '../../../agents/fence-pdu/families.ts';
import { runProgram } from '../../../src/platform/processes/run.ts';
import type { Parameters, Result } from '../../../src/model/index.ts';
import type { AgentContext, FenceVerb, Power } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { canSimulateBoards, startBoard } from './management-board.ts';
import { canSimulateUnits, secrets, startUnit } from './power-unit.ts';

const agent = createFenceAgentsAgent();
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Runs real programs, and remembers what every user of the machine could see of them. */
function realContext(visible: string[]): AgentContext {
  const signal = AbortSignal.timeout(15_000);
  return {
    node: 'san-a',
    signal,
    log: (line) => visible.push(line),
    run: (program, args, options = {}) => {
      visible.push([program, ...args].join(' '));
      return runProgram(program, args, options, { signal });
    },
  };
}

const perform = (verb: FenceVerb, parameters: Parameters, visible: string[] = []): Promise<Result<Power>> =>
  agent.perform(verb, parameters, realContext(visible));

const textOf = (result: Result<Power>): string =>
  result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;

async function switchesOffAndOn(parameters: Parameters, seen: () => Promise<string>): Promise<void> {
  expect(textOf(await perform('status', parameters))).toBe('it says on');
  for (const power of ['off', 'off', 'on'] as const) {
    expect(textOf(await perform(power, parameters))).toBe(`it says ${power}`);
    expect(await seen()).toBe(power);
    expect(textOf(await perform('status', parameters))).toBe(`it says ${power}`);
  }
}

describe.skipIf(!has('fence_ipmilan') || !canSimulateBoards)(
  'fence_ipmilan and a real management board',
  () => {
    test('switches, tells a wrong password, and shows no secret', { timeout: 60_000 }, async () => {
      const board = await startBoard();
      try {
        const { address, port, username, password } = board.parameters;
        const options = { ip: address, ipport: String(port), username, lanplus: '1', cipher: '3' };
        const parameters = { program: 'fence_ipmilan', options, secrets: { password } };
        await switchesOffAndOn(parameters, async () => ((await board.power()) === '1' ? 'on' : 'off'));
        const visible: string[] = [];
        const wrong = await perform('off', { ...parameters, secrets: { password: 'wrong' } }, visible);
        expect(textOf(wrong)).toMatch(/^fence_(refused|not_confirmed)/);
        expect(await board.power()).toBe('1');
        expect(`${visible.join()} ${textOf(wrong)}`).not.toContain('wrong');
      } finally {
        await board.stop();
      }
    });
  },
);

describe.skipIf(!has('fence_apc_snmp') || !canSimulateUnits)('fence_apc_snmp and a real SNMP agent', () => {
  test('switches', { timeout: 60_000 }, async () => {
    const unit = await startUnit(families['apc-masterswitch'], { 1: 'san-a', 2: 'san-b' });
    try {
      const options = { ip: unit.address, ipport: String(unit.port), snmp_version: '2c', plug: '2' };
      const parameters = { program: 'fence_apc_snmp', options, secrets: { community: secrets.write } };
      await switchesOffAndOn(parameters, () => unit.state(2));
      expect(await unit.state(1)).toBe('on');
    } finally {
      await unit.stop();
    }
  });
});

describe.skipIf(!has('fence_dummy'))('fence_dummy', () => {
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

  test('switches', { timeout: 60_000 }, () =>
    switchesOffAndOn(parameters(), () => readFile(join(folder, 'power'), 'utf8')),
  );

  test('options that it does not have, and programs that are not there, are named', async () => {
    expect(textOf(await perform('status', parameters({ plugg: '3' })))).toBe(
      "agent_parameters_invalid: fence_dummy: it has no option 'plugg'",
    );
    expect(textOf(await perform('status', { ...parameters(), program: 'fence_nothing' }))).toMatch(
      /^command_missing/,
    );
  });
});

describe('an answer', () => {
  const parameters = { program: 'fence_x', options: { ip: 'bmc' }, secrets: {} };
  const metadata =
    '<?xml version="1.0"?><resource-agent><parameters><parameter name="ipaddr" required="1" deprecated="1"/><parameter name="ip" required="1" obsoletes="ipaddr"/></parameters>' +
    '<actions><action name="off"/><action name="on"/><action name="status"/></actions></resource-agent>';

  const answered = (answer: { exitCode: number; stdout?: string; stderr?: string }): Promise<Result<Power>> =>
    createFenceAgentsAgent().perform(
      'status',
      parameters,
      contextWith(({ args }) => (args.includes('metadata') ? { stdout: metadata } : answer)),
    );

  test.each([
    [{ exitCode: 0, stdout: 'Status: ON\n' }, 'it says on'],
    [{ exitCode: 2, stdout: 'Status: OFF\n' }, 'it says off'],
    [
      { exitCode: 2, stderr: 'Parse error: option ip\n' },
      'agent_parameters_invalid: fence_x: exit 2: Parse error: option ip',
    ],
    [{ exitCode: 0, stdout: 'Status: OFF\n' }, 'fence_not_confirmed: fence_x: exit 0: Status: OFF'],
    [
      { exitCode: 3, stderr: 'Unable to connect/login\n' },
      'fence_refused: fence_x: exit 3: Unable to connect/login',
    ],
    [
      { exitCode: 5, stderr: 'Connection timed out\n' },
      'fence_unreachable: fence_x: exit 5: Connection timed out',
    ],
  ])('%o', async (answer, said) => {
    expect(textOf(await answered(answer))).toBe(said);
  });

  test('an option with a second line, or the action itself, is refused', async () => {
    for (const options of [{ ip: 'bmc\naction=on' }, { action: 'on' }, { ip: ' bmc' }])
      expect(textOf(await agent.perform('off', { ...parameters, options }, contextWith()))).toMatch(
        /^agent_parameters_invalid/,
      );
  });

  test('metadata that is cut off is none', () => {
    expect(parseMetadata(metadata)?.required).toEqual(new Map([['ip', 'ipaddr']]));
    expect(parseMetadata(metadata.slice(0, -20))).toBeUndefined();
    expect(parseMetadata('')).toBeUndefined();
  });
});
