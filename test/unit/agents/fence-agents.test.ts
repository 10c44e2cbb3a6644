import { describe, expect, test } from 'vitest';
import { createFenceAgentsAgent } from '../../../agents/fence-agents/agent.ts';
import { parseMetadata } from '../../../agents/fence-agents/metadata.ts';
import type { Result } from '../../../src/model/index.ts';
import type { Power } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';

const agent = createFenceAgentsAgent();

const textOf = (result: Result<Power>): string =>
  result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;

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

  test('off is believed of an outlet that was seen on, or is listed, or where nothing can be listed', async () => {
    const listing = metadata
      .replace('<action name="off"/>', '<action name="off"/><action name="list"/>')
      .replace('</parameters>', '<parameter name="plug"/></parameters>');
    const device = { power: 'OFF', list: '1,san-a\n2,san-b\n' };
    const context = contextWith(({ args }, input = '') => {
      if (args.includes('metadata')) return { stdout: listing };
      if (input.includes('action=list')) return { stdout: device.list };
      return { exitCode: device.power === 'OFF' ? 2 : 0, stdout: `Status: ${device.power}\n` };
    });
    const fencing = createFenceAgentsAgent();
    const status = async (plug: string): Promise<string> =>
      textOf(await fencing.perform('status', { ...parameters, options: { ip: 'bmc', plug } }, context));
    expect(await status('2')).toBe('it says off');
    expect(await status('san-b')).toBe('it says off');
    expect(await status('3')).toMatch(/^fence_outlet_unknown: fence_x lists no '3'; there are: 1, san-a, 2/);
    device.power = 'ON';
    expect(await status('3')).toBe('it says on');
    device.power = 'OFF';
    expect(await status('3')).toBe('it says off');
    device.list = 'NOTICE: List option is not working on this device yet\n';
    expect(await status('4')).toBe('it says off');
  });

  test('of a device that says yes and does nothing confirms nothing', async () => {
    const context = contextWith(() => ({ exitCode: 0, stdout: 'Status: ON\n' }));
    expect(textOf(await agent.perform('off', parameters, context))).toBe(
      'fence_not_confirmed: fence_x still says on',
    );
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
