import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLibvirtFenceAgent } from '../../agents/fence-libvirt/agent.ts';
import { TOO_LATE } from '../../agents/too-late.ts';
import type { Parameters } from '../../src/model/index.ts';
import type { FenceVerb } from '../../src/ports/index.ts';
import { against } from './against.ts';
import { beginDeed, discover, perform as performWith, until, type Deed } from './deeds.ts';
import { startHypervisor, type Hypervisor } from './peers/hypervisor.ts';
import { peers } from './peers/installed.ts';

const agent = createLibvirtFenceAgent();
const perform = (verb: FenceVerb, parameters: Parameters, deed?: Deed): Promise<string> =>
  performWith(agent, verb, parameters, deed);

against(peers.hypervisor, () => {
  let hypervisor: Hypervisor;
  beforeEach(async () => {
    hypervisor = await startHypervisor();
  });
  afterEach(() => hypervisor.stop());

  const state = (domain = 'test'): string => hypervisor.virsh('domstate', domain);

  test.each(['name', 'uuid'] as const)(
    'status, off and on by the %s; repeating changes nothing',
    async (by) => {
      const domain = by === 'name' ? 'test' : hypervisor.uuid;
      const parameters = { uri: hypervisor.uri, domain };
      expect(await perform('status', parameters)).toBe('it says on');
      for (const power of ['off', 'off', 'on', 'on'] as const) {
        expect(await perform(power, parameters)).toBe(`it says ${power}`);
        expect(state()).toBe(power === 'off' ? 'shut off' : 'running');
      }
    },
  );

  test('says which machines it has, and how each is; nothing is switched', async () => {
    const { uri, uuid } = hypervisor;
    const found = (power: 'on' | 'off') => ({
      about: `hypervisor ${uri}`,
      outlets: [{ name: 'test', id: uuid, power }],
    });
    expect(await discover(agent, { uri })).toEqual(found('on'));
    hypervisor.virsh('destroy', 'test');
    expect(await discover(agent, { uri })).toEqual(found('off'));
  });

  test('a machine that only stands still: not off, and switched off', async () => {
    const parameters = { uri: hypervisor.uri, domain: 'test' };
    hypervisor.virsh('suspend', 'test');
    expect(state()).toBe('paused');
    expect(await perform('status', parameters)).toBe('it says on');
    expect(await perform('off', parameters)).toBe('it says off');
  });

  test('wrong machine: unknown, and the one that is there runs on', async () => {
    for (const domain of ['nothing', 'tes', 'TEST', '00000000-0000-4000-8000-000000000000'])
      expect(await perform('off', { uri: hypervisor.uri, domain })).toMatch(/^fence_outlet_unknown/);
    expect(state()).toBe('running');
  });

  test('a name that passed to another machine: the UUID tells them apart', async () => {
    const { uri, uuid } = hypervisor;
    hypervisor.virsh('destroy', 'test');
    hypervisor.virsh('undefine', 'test');
    hypervisor.define('test', '11111111-1111-4111-8111-111111111111');
    expect(state()).toBe('running');
    expect(await perform('off', { uri, domain: uuid })).toMatch(/^fence_outlet_unknown/);
    expect(state()).toBe('running');
  });

  test('wrong address: unreachable', async () => {
    expect(await perform('off', { uri: 'test+tcp://127.0.0.1:1/default', domain: 'test' })).toMatch(
      /^fence_unreachable: test\+tcp:\/\/127.0.0.1:1\/default/,
    );
    expect(state()).toBe('running');
  });

  test('with a password: off and on; a wrong password or user is refused, and nothing is switched', async () => {
    const { guardedUri: uri, username, password } = hypervisor;
    for (const wrong of [{ password: 'not-it' }, { username: 'nobody' }]) {
      const deed = beginDeed();
      const said = await perform('off', { uri, domain: 'test', username, password, ...wrong }, deed);
      expect(said).toMatch(/^fence_refused/);
      expect(`${said} ${deed.visible.join(' ')}`).not.toContain('not-it');
    }
    expect(state()).toBe('running');
    const deed = beginDeed();
    for (const power of ['off', 'on'] as const) {
      const parameters = { uri, domain: 'test', username, password };
      expect(await perform(power, parameters, deed)).toBe(`it says ${power}`);
      expect(state()).toBe(power === 'off' ? 'shut off' : 'running');
    }
    expect(deed.visible.join(' ')).not.toContain(password);
  });

  test('a hypervisor that hangs: the call ends at its deadline, and so does its program', async () => {
    hypervisor.freeze();
    const deed = beginDeed();
    const off = perform('off', { uri: hypervisor.uri, domain: 'test' }, deed);
    await until('virsh running', () => deed.left().length > 0);
    deed.abort();
    expect(await off).toBe(`fence_unreachable: ${hypervisor.uri} has not answered ${TOO_LATE}`);
    expect(deed.left()).toEqual([]);
  });
});
