import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLibvirtFenceAgent } from '../../../agents/fence-libvirt/agent.ts';
import { sortFailure } from '../../../agents/fence-libvirt/virsh.ts';
import type { Parameters, Result } from '../../../src/model/index.ts';
import { runProgram } from '../../../src/platform/processes/run.ts';
import type { FenceVerb, Power } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';
import { canSimulateHypervisors, startHypervisor, type Hypervisor } from './hypervisor.ts';

const agent = createLibvirtFenceAgent();

async function perform(verb: FenceVerb, parameters: Parameters): Promise<string> {
  const signal = AbortSignal.timeout(8000);
  const context = contextWith(undefined, signal);
  const run = (program: string, args: readonly string[]) => runProgram(program, args, {}, { signal });
  const result: Result<Power> = await agent.perform(verb, parameters, { ...context, run });
  return result.ok ? `it says ${result.value}` : `${result.failure.code}: ${result.failure.message}`;
}

describe.skipIf(!canSimulateHypervisors)('a hypervisor', { timeout: 30_000 }, () => {
  let hypervisor: Hypervisor;
  beforeEach(async () => {
    hypervisor = await startHypervisor();
  });
  afterEach(() => hypervisor.stop());

  test.each(['name', 'uuid'] as const)('switches a machine off and on by its %s', async (by) => {
    const domain = by === 'name' ? 'test' : hypervisor.uuid;
    const parameters = { uri: hypervisor.uri, domain };
    expect(await perform('status', parameters)).toBe('it says on');
    for (const power of ['off', 'off', 'on', 'on'] as const) {
      expect(await perform(power, parameters)).toBe(`it says ${power}`);
      expect(hypervisor.virsh('domstate', 'test')).toBe(power === 'off' ? 'shut off' : 'running');
    }
  });

  test('a machine that only stands still is not off, and is switched off', async () => {
    const parameters = { uri: hypervisor.uri, domain: 'test' };
    hypervisor.virsh('suspend', 'test');
    expect(hypervisor.virsh('domstate', 'test')).toBe('paused');
    expect(await perform('status', parameters)).toBe('it says on');
    expect(await perform('off', parameters)).toBe('it says off');
  });

  test('a machine that it does not have, and an address where it is not', async () => {
    expect(await perform('off', { uri: hypervisor.uri, domain: 'nothing' })).toMatch(/^fence_outlet_unknown/);
    expect(await perform('off', { uri: 'test+tcp://127.0.0.1:1/default', domain: 'test' })).toMatch(
      /^fence_unreachable: test\+tcp:\/\/127.0.0.1:1\/default/,
    );
    expect(hypervisor.virsh('domstate', 'test')).toBe('running');
  });
});

test('a password is in a file for root alone, for as long as the call takes', async () => {
  let seen = '';
  const context = contextWith(({ args }) => {
    const uri = args[args.indexOf('--connect') + 1] ?? '';
    seen = decodeURIComponent(/authfile=(.*)$/.exec(uri)?.[1] ?? '');
    expect(readFileSync(seen, 'utf8')).toContain('password=very secret');
    return { stdout: 'shut off\n' };
  });
  const parameters = {
    uri: 'esx://esx1/?no_verify=1',
    domain: 'san-a',
    username: 'root',
    password: 'very secret',
  };
  expect(await agent.perform('status', parameters, context)).toEqual({ ok: true, value: 'off' });
  expect(JSON.stringify(context.calls)).not.toContain('very secret');
  expect(() => readFileSync(seen)).toThrow('ENOENT');
});

test.each([
  ["error: failed to get domain 'x'", 'fence_outlet_unknown'],
  [
    'error: failed to connect to the hypervisor\nerror: authentication failed: Failed to verify',
    'fence_refused',
  ],
  [
    'error: failed to connect to the hypervisor\nerror: Cannot recv data: Connection reset',
    'fence_unreachable',
  ],
  ['error: something else', 'fence_not_confirmed'],
])('%s', (stderr, code) => {
  expect(sortFailure({ exitCode: 1, stdout: '', stderr }, 'qemu://x').code).toBe(code);
});

test.each([
  { uri: '-c', domain: 'test' },
  { uri: 'qemu:///system', domain: '--all' },
  { uri: 'qemu:///system?authfile=/etc/shadow', domain: 'test' },
  { uri: 'qemu:///system', domain: 'test', username: 'root' },
  { uri: 'qemu+ssh://root:pw@kvm1/system', domain: 'test' },
])('nonsense is refused: %o', async (parameters) => {
  const result = await agent.perform('off', parameters, contextWith());
  expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
});

test('a password in the URI is never handed to virsh, and not repeated', async () => {
  const context = contextWith();
  const uri = 'esx://root:very-secret@esx1/';
  const result = await agent.perform('status', { uri, domain: 'san-a' }, context);
  expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
  expect(JSON.stringify(result)).toContain('uri: [USER@]HOST[:PORT] without a password');
  expect(JSON.stringify([result, context.calls])).not.toContain('very-secret');
  expect(context.calls).toEqual([]);
});
