import { describe, expect, test } from 'vitest';
import { createNullFenceAgent } from '../../../agents/fence-null/agent.ts';
import { createSshFenceAgent } from '../../../agents/fence-ssh/agent.ts';
import type { RunOutput } from '../../../src/ports/index.ts';
import { contextWith } from './fake-context.ts';

describe('null', () => {
  test('says what it is asked for, that nothing was switched, and that a node is on that nobody switched', async () => {
    const context = contextWith();
    const agent = createNullFenceAgent();
    for (const verb of ['off', 'on'] as const)
      expect(await agent.perform(verb, {}, context)).toEqual({ ok: true, value: verb });
    expect(await agent.perform('status', {}, context)).toEqual({ ok: true, value: 'on' });
    expect(context.lines).toEqual(['nothing was switched: this device is only for tests']);
    expect(context.calls).toEqual([]);
  });
});

describe('ssh', () => {
  const agent = createSshFenceAgent();
  const parameters = { address: '10.0.0.1', port: 22, username: 'root', identityFile: '/root/.ssh/key' };
  const boots = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
  const gone = { exitCode: 255, stderr: 'ssh: connect to host 10.0.0.1 port 22: Connection refused' };

  /** Answers one after the other, the last one for ever. */
  const saying = (...answers: readonly Partial<RunOutput>[]) => {
    let next = -1;
    return contextWith(() => {
      next = Math.min(next + 1, answers.length - 1);
      return answers[next] ?? {};
    });
  };
  const off = (...answers: readonly Partial<RunOutput>[]) =>
    agent.perform('off', parameters, saying(...answers));
  const first = { stdout: `${boots[0] ?? ''}\n` };
  const second = { stdout: `${boots[1] ?? ''}\n` };

  test('a node that answers no more after it was told to end itself is taken for off', async () => {
    expect(await off(first, {}, first, gone)).toEqual({ ok: true, value: 'off' });
    expect(await off(first, gone, gone), 'the answer was cut off').toEqual({ ok: true, value: 'off' });
    expect(await off(first, {}, second), 'it is back already').toEqual({ ok: true, value: 'off' });
  });

  test('a node that does not answer to begin with is not', async () => {
    const context = saying(gone);
    expect(await agent.perform('off', parameters, context)).toMatchObject({
      failure: { code: 'fence_unreachable' },
    });
    expect(context.calls).toHaveLength(1);
  });

  test('nor is one that refuses, or goes on', async () => {
    const denied = { exitCode: 255, stderr: 'root@10.0.0.1: Permission denied (publickey).' };
    expect(await off(denied)).toMatchObject({ failure: { code: 'fence_refused' } });
    expect(await off(first, { exitCode: 1, stderr: 'Access denied' })).toMatchObject({
      failure: { code: 'fence_not_confirmed', message: 'the node does not end itself: Access denied' },
    });
    const context = { ...saying(first), signal: AbortSignal.timeout(20) };
    expect(await agent.perform('off', parameters, context)).toMatchObject({
      failure: { code: 'fence_not_confirmed' },
    });
  });

  test('is told to stay off where it is to', async () => {
    const context = saying(first, {}, gone);
    await agent.perform('off', { ...parameters, message: 'off' }, context);
    expect(context.calls[1]?.args.at(-1)).toBe('systemctl poweroff --force --force');
    const usual = saying(first, {}, gone);
    await agent.perform('off', parameters, usual);
    expect(usual.calls[1]?.args.at(-1)).toBe('systemctl reboot --force --force');
  });

  test('nothing of its parameters can be an option or a command', async () => {
    for (const wrong of [
      { address: '-oProxyCommand=x' },
      { username: '-x' },
      { identityFile: 'key' },
      { knownHosts: '/a b' },
      { message: 'rm -rf /' },
    ])
      expect(await agent.perform('off', { ...parameters, ...wrong }, saying(first))).toMatchObject({
        failure: { code: 'agent_parameters_invalid' },
      });
  });
});
