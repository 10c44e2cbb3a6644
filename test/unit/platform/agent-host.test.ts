import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { milliseconds, seconds, type OperationName, type Parameters } from '../../../src/model/index.ts';
import { createAgentRunner, type HostedRunner } from '../../../src/platform/agent-host/runner.ts';
import { createClock } from '../../../src/platform/world.ts';
import { recordingLog } from './fixtures/log.ts';

const hostProgram = join(import.meta.dirname, 'fixtures/agent-host.ts');

let folder: string;
let runner: HostedRunner;
let start: (node: string) => HostedRunner;
let log: ReturnType<typeof recordingLog>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  log = recordingLog();
  const patience = {
    abortGrace: milliseconds(300),
    pingInterval: milliseconds(200),
    pingTimeout: milliseconds(1500),
    bootTimeout: milliseconds(30_000),
  };
  start = (node) => createAgentRunner({ hostProgram, node, log, clock: createClock(), patience });
  runner = start('anna');
});

afterEach(() => {
  runner.close();
  rmSync(folder, { recursive: true });
});

const marks = (): readonly string[] => {
  try {
    return readFileSync(join(folder, 'marks'), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};

const operate = (operation: OperationName, parameters: Parameters = {}, timeout = seconds(8)) =>
  runner.perform({ agent: 'lvm', operation, parameters, timeout });

const stop = (hang: number | string, timeout = seconds(8)) =>
  operate('stop', { marks: join(folder, 'marks'), hang }, timeout);

const firstHost = (): Promise<number> =>
  operate('monitor').then((seen) => Number(seen.ok && seen.value.facts?.['process']));

/** A host tells of a program in the turn in which it begins it, so before it answers anything asked later. */
const told = firstHost;

const isAlive = (pid: number): boolean => {
  try {
    // A zombie, which waits for its parent only, is dead.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a host that dies', () => {
  test('in the middle of an operation: the operation succeeds on the next host', async () => {
    const host = await firstHost();
    expect(host).toBe(runner.hostProcess());
    const stopped = stop(host);
    await vi.waitUntil(() => marks().length === 1);
    process.kill(host, 'SIGKILL');
    expect(await stopped).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(marks()).toEqual([String(host), String(runner.hostProcess())]);
  });

  test('twice under the same operation: agent_host_died', async () => {
    const host = await firstHost();
    const stopped = stop('always');
    await vi.waitUntil(() => marks().length === 1);
    process.kill(host, 'SIGKILL');
    await vi.waitUntil(() => marks().length === 2, { timeout: 5000 });
    process.kill(Number(marks()[1]), 'SIGKILL');
    expect(await stopped).toMatchObject({ ok: false, failure: { code: 'agent_host_died' } });
  });

  test('and then is given up since other work hangs: the operation goes on in the one after', async () => {
    const host = await firstHost();
    const stopped = operate('stop', { marks: join(folder, 'marks'), hangs: 2 });
    await vi.waitUntil(() => marks().length === 1);
    process.kill(host, 'SIGKILL');
    await vi.waitUntil(() => marks().length === 2, { timeout: 5000 });
    const other = { marks: join(folder, 'other'), hang: 'always' };
    expect(await operate('stop', other, milliseconds(200))).toMatchObject({
      failure: { code: 'agent_timeout' },
    });
    expect(await stopped).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(marks()).toHaveLength(3);
  });

  test('takes the programs of its agents with it', async () => {
    const host = await firstHost();
    const started = operate('start', {
      program: 'sh',
      args: ['-c', `echo $$ >> ${folder}/marks; exec sleep 60`],
    });
    await vi.waitUntil(() => marks().length === 1);
    await told();
    process.kill(host, 'SIGKILL');
    await vi.waitUntil(() => marks().length === 2, { timeout: 5000 });
    await vi.waitUntil(() => !isAlive(Number(marks()[0])));
    const second = Number(marks()[1]);
    await told();
    runner.close();
    await vi.waitUntil(() => !isAlive(second));
    expect(await started).toMatchObject({ ok: false, failure: { code: 'agent_host_died' } });
  });

  test('has its watches taken up again, and one change is told', async () => {
    const host = await firstHost();
    const changed = vi.fn();
    runner.watch('vg', 'lvm', {}, changed);
    await vi.waitUntil(() => changed.mock.calls.length === 1);
    process.kill(host, 'SIGKILL');
    // Once for what may have been missed, once from the watch in the new host.
    await vi.waitUntil(() => changed.mock.calls.length === 3, { timeout: 5000 });
    runner.unwatch('vg');
  });
});

describe('on a machine that is short of everything', () => {
  test('a host that boots for longer than one may be silent is waited for', async () => {
    const slow = start('slow');
    try {
      const host = slow.hostProcess();
      const late = slow.perform({ agent: 'lvm', operation: 'monitor', parameters: {}, timeout: seconds(1) });
      const seen = slow.perform({ agent: 'lvm', operation: 'monitor', parameters: {}, timeout: seconds(30) });
      expect(await late).toMatchObject({ ok: false, failure: { code: 'agent_timeout' } });
      expect(await seen).toMatchObject({ ok: true, value: { facts: { process: host } } });
    } finally {
      slow.close();
    }
  });

  test('a host that is at work for longer than one may be silent is waited for', async () => {
    const host = await firstHost();
    const busy = operate('grow', { seconds: 3 }, seconds(1));
    expect(await busy).toMatchObject({ ok: false, failure: { code: 'agent_timeout' } });
    expect(await operate('monitor', {}, seconds(30))).toMatchObject({
      ok: true,
      value: { facts: { process: host } },
    });
  });
});

describe('a deadline', () => {
  test('ends a hanging operation while others go on', async () => {
    const host = await firstHost();
    const hanging = operate('start', { program: 'sleep', args: ['60'] }, milliseconds(500));
    expect(await operate('start', { program: 'echo', args: ['two words'] })).toMatchObject({
      value: { facts: { exitCode: 0, stdout: 'two words\n' } },
    });
    expect(await hanging).toMatchObject({ ok: false, failure: { code: 'agent_timeout' } });
    expect(await firstHost()).toBe(host);
  });

  test('gives up a host that does not end the operation after the abort', async () => {
    const host = await firstHost();
    expect(await stop('always', milliseconds(200))).toMatchObject({ failure: { code: 'agent_timeout' } });
    await vi.waitUntil(() => !isAlive(host));
    expect(await firstHost()).not.toBe(host);
  });

  test('holds although the host is blocked, fencing goes on, and the blocked host is replaced', async () => {
    const host = await firstHost();
    const blocked = operate('demote', {}, milliseconds(400));
    const behind = operate('monitor');
    const off = { agent: 'fence-ipmi', verb: 'off', parameters: {}, timeout: seconds(5) } as const;
    expect(await runner.perform(off)).toEqual({ ok: true, value: 'off' });
    expect(await blocked).toMatchObject({ ok: false, failure: { code: 'agent_timeout' } });
    expect(await behind).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(runner.hostProcess()).not.toBe(host);
    await vi.waitUntil(() => !isAlive(host));
  });
});

describe('an agent', () => {
  test('is asked hundreds of things at once, and each is answered', async () => {
    const words = Array.from({ length: 500 }, (_, index) => `word ${index}`);
    const answers = await Promise.all(words.map((word) => operate('create', { word })));
    expect(answers.map((seen) => seen.ok && seen.value.facts?.['word'])).toEqual(words);
  });

  test('that throws is agent_failed, and its stack is in the log', async () => {
    expect(await operate('promote')).toMatchObject({
      failure: { code: 'agent_failed', message: 'lvm promote: a bug' },
    });
    expect(log.lines.some((line) => line.includes('a bug') && line.includes('agent-host.ts'))).toBe(true);
  });

  test('without the operation is agent_unsupported', async () => {
    expect(await operate('remove')).toMatchObject({ failure: { code: 'agent_unsupported' } });
  });

  test('learns that a program is missing', async () => {
    expect(await operate('start', { program: 'no-such-program' })).toMatchObject({
      failure: { code: 'command_missing' },
    });
  });

  test('gets a non-zero exit as a value', async () => {
    expect(await operate('start', { program: 'sh', args: ['-c', 'exit 3'] })).toMatchObject({
      ok: true,
      value: { facts: { exitCode: 3 } },
    });
  });

  test('is protected from a program that writes without end', async () => {
    expect(await operate('start', { program: 'yes' })).toMatchObject({ failure: { code: 'command_failed' } });
  });
});
