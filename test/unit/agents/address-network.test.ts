import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { movingWords } from '../../../agents/address/netlink.ts';
import type { Observation, Result } from '../../../src/model/index.ts';

/** Two nodes and a host, each with a card in one network; the host is its switch too. */
const names = ['san-a', 'san-b', 'host'] as const;
type Machine = (typeof names)[number];
const spaceOf = (machine: Machine): string => `keelson-${machine}-${process.pid}`;

function ip(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}
const inside = (machine: Machine, ...words: readonly string[]): string =>
  ip('netns', 'exec', spaceOf(machine), ...words);
const card = (machine: 'san-a' | 'san-b', state: 'up' | 'down'): string =>
  inside('host', 'ip', 'link', 'set', machine, state);
const macOf = (machine: Machine): string => inside(machine, 'cat', '/sys/class/net/stor0/address');

const portal = { address: '2001:db8:5::10', prefix: 64 };
const driver = join(import.meta.dirname, 'address-driver.ts');
const children: ChildProcess[] = [];

/** One operation of the real agent on a node. What it still has to say to its neighbours goes on. */
async function perform(
  machine: Machine,
  operation: 'monitor' | 'start' | 'stop',
  parameters: typeof portal = portal,
): Promise<Result<Observation>> {
  const words = ['netns', 'exec', spaceOf(machine), process.execPath, driver, operation];
  const child = spawn('ip', [...words, JSON.stringify(parameters)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(answer.toString()) as Result<Observation>;
}

const answers = (): boolean =>
  spawnSync('ip', ['netns', 'exec', spaceOf('host'), 'ping', '-c1', '-W2', portal.address]).status === 0;
/** By which card the host would send to the portal. */
const known = (): string => inside('host', 'ip', '-6', 'neigh', 'show', 'to', portal.address);

const hasNetworks =
  process.getuid?.() === 0 &&
  spawnSync('ip', ['netns', 'list']).status === 0 &&
  spawnSync('sh', ['-c', 'command -v ping && test -e /proc/net/if_inet6']).status === 0;

describe.skipIf(!hasNetworks)('an IPv6 address in a real network', { timeout: 120_000 }, () => {
  beforeEach(() => {
    for (const name of names) ip('netns', 'add', spaceOf(name));
    inside('host', 'ip', 'link', 'add', 'stor0', 'type', 'bridge');
    for (const node of ['san-a', 'san-b'] as const) {
      ip(
        'link',
        'add',
        node,
        'netns',
        spaceOf('host'),
        'type',
        'veth',
        'peer',
        'stor0',
        'netns',
        spaceOf(node),
      );
      inside('host', 'ip', 'link', 'set', node, 'master', 'stor0', 'up');
    }
    names.forEach((name, index) => {
      for (const link of ['lo', 'stor0']) inside(name, 'ip', 'link', 'set', link, 'up');
      inside(name, 'ip', 'address', 'add', `2001:db8:5::${index + 1}/64`, 'dev', 'stor0', 'nodad');
    });
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const name of names) ip('netns', 'delete', spaceOf(name));
  });

  test('moves to the other node, and the host knows it at once, without having asked', async () => {
    expect(await perform('san-a', 'monitor')).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(await perform('san-a', 'start')).toMatchObject({
      ok: true,
      value: { state: 'running', facts: { interface: 'stor0', link: 'up', connections: 0 } },
    });
    expect(answers()).toBe(true);
    expect(known()).toContain(macOf('san-a'));

    card('san-a', 'down');
    expect(await perform('san-b', 'start')).toMatchObject({ ok: true, value: { state: 'running' } });
    await vi.waitFor(() => expect(known()).toContain(macOf('san-b')), { timeout: 10_000 });
    expect(answers()).toBe(true);

    expect(await perform('san-b', 'stop')).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(await perform('san-b', 'stop')).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(answers()).toBe(false);
    expect(inside('san-b', 'ip', '-6', 'route', 'show', 'dev', 'stor0')).toContain('2001:db8:5::/64');
  });

  test('is used at once, and what begins on the node never goes out from it', async () => {
    await perform('san-a', 'start');
    const shown = inside('san-a', 'ip', '-6', 'address', 'show', 'to', portal.address);
    expect(shown).toMatch(/2001:db8:5::10\/64 scope global nodad deprecated noprefixroute/);
    expect(shown).toMatch(/valid_lft forever preferred_lft 0sec/);
    const route = inside('san-a', 'ip', '-6', 'route', 'get', '2001:db8:5::3');
    expect(route).toContain('src 2001:db8:5::1 ');
    // The same again, where the one before was interrupted, changes nothing.
    expect(await perform('san-a', 'start')).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(inside('san-a', 'ip', '-6', 'address', 'show', 'to', portal.address)).toBe(shown);
    // Where the C library cannot be called, `ip` does the very same.
    inside('san-a', 'ip', 'address', 'delete', '2001:db8:5::10/64', 'dev', 'stor0');
    const words = ['address', 'add', '2001:db8:5::10/64', 'dev', 'stor0', ...movingWords(portal.address)];
    inside('san-a', 'ip', ...words);
    expect(inside('san-a', 'ip', '-6', 'address', 'show', 'to', portal.address)).toBe(shown);
  });

  test('that the kernel does not use, since another machine has it, has failed; a start takes it', async () => {
    inside('host', 'ip', 'address', 'add', '2001:db8:5::10/64', 'dev', 'stor0', 'nodad');
    inside('san-a', 'ip', 'address', 'add', '2001:db8:5::10/64', 'dev', 'stor0');
    await vi.waitFor(
      () =>
        expect(inside('san-a', 'ip', '-6', 'address', 'show', 'to', portal.address)).toContain('dadfailed'),
      { timeout: 20_000 },
    );
    expect(await perform('san-a', 'monitor')).toMatchObject({
      ok: true,
      value: { state: 'failed', problem: { code: 'agent_failed' } },
    });
    inside('host', 'ip', 'address', 'delete', '2001:db8:5::10/64', 'dev', 'stor0');
    expect(await perform('san-a', 'start')).toMatchObject({ ok: true, value: { state: 'running' } });
    expect(answers()).toBe(true);
  });

  test('with another prefix length than it should have has failed; a start mends it, a stop removes any', async () => {
    inside('san-a', 'ip', 'address', 'add', '2001:db8:5::10/80', 'dev', 'stor0', 'nodad');
    expect(await perform('san-a', 'monitor')).toMatchObject({ value: { state: 'failed' } });
    expect(await perform('san-a', 'start')).toMatchObject({ value: { state: 'running' } });
    expect(await perform('san-a', 'stop', { ...portal, prefix: 80 })).toMatchObject({
      value: { state: 'stopped' },
    });
  });

  test('whose cable is out has failed, and comes with the cable; where none is in, it does not start', async () => {
    card('san-a', 'down');
    expect(await perform('san-a', 'start')).toMatchObject({
      ok: false,
      failure: { code: 'address_no_link' },
    });
    card('san-a', 'up');
    await vi.waitFor(async () => expect(await perform('san-a', 'start')).toMatchObject({ ok: true }), {
      timeout: 20_000,
    });
    card('san-a', 'down');
    const value = { state: 'failed', facts: { interface: 'stor0', link: 'down' } };
    await vi.waitFor(async () => expect(await perform('san-a', 'monitor')).toMatchObject({ value }), {
      timeout: 20_000,
    });
    card('san-a', 'up');
    await vi.waitFor(
      async () => expect(await perform('san-a', 'monitor')).toMatchObject({ value: { state: 'running' } }),
      { timeout: 20_000 },
    );
  });
});
