import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLibvirtFenceAgent } from '../../../agents/fence-libvirt/agent.ts';
import { sortFailure } from '../../../agents/fence-libvirt/virsh.ts';
import { contextWith } from './fake-context.ts';

const agent = createLibvirtFenceAgent();

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

test('a hypervisor that says yes and does nothing is never believed', async () => {
  const context = contextWith(({ args }) => ({ stdout: args.includes('domstate') ? 'running\n' : '' }));
  const parameters = { uri: 'qemu:///system', domain: 'san-a' };
  expect(await agent.perform('off', parameters, context)).toMatchObject({
    ok: false,
    failure: { code: 'fence_not_confirmed', message: 'the hypervisor still says that san-a is on' },
  });
  expect(context.calls.map(({ args }) => args[3])).toEqual(['domstate', 'destroy', 'domstate']);
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
