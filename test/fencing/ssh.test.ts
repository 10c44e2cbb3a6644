import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSshFenceAgent } from '../../agents/fence-ssh/agent.ts';
import { TOO_LATE } from '../../agents/too-late.ts';
import type { FenceVerb } from '../../src/ports/index.ts';
import { against } from './against.ts';
import { beginDeed, perform as performWith, type Deed } from './deeds.ts';
import { freePort } from './peers/free-port.ts';
import { peers } from './peers/installed.ts';
import { startShell, type Shell } from './peers/shell.ts';

const agent = createSshFenceAgent();

against(peers.shell, () => {
  let shell: Shell;
  beforeEach(async () => {
    shell = await startShell();
  });
  afterEach(() => shell.stop());

  const perform = (verb: FenceVerb, change: object = {}, deed?: Deed): Promise<string> =>
    performWith(agent, verb, { ...shell.parameters, ...change }, deed);

  test('a node that is told to end itself is off when it answers no more, and on when it is back', async () => {
    expect(await perform('status')).toBe('it says on');
    expect(await perform('off')).toBe('it says off');
    expect(await shell.told()).toBe('systemctl reboot --force --force\n');
    expect(await perform('status')).toMatch(/^fence_unreachable: 127.0.0.1:/);
    await shell.boot();
    expect(await perform('on')).toBe('it says on');
    expect(await perform('status')).toBe('it says on');
  });

  test('one that is to stay off is told so', async () => {
    expect(await perform('off', { message: 'off' })).toBe('it says off');
    expect(await shell.told()).toBe('systemctl poweroff --force --force\n');
  });

  test('one that was gone before is not off', async () => {
    expect(await perform('off', { port: await freePort() })).toMatch(/^fence_unreachable: /);
    expect(await shell.told()).toBe('');
  });

  test('one that says yes and goes on: never believed', async () => {
    await shell.jam();
    expect(await perform('off', {}, beginDeed(3000))).toBe(
      `fence_not_confirmed: the node is still there ${TOO_LATE}`,
    );
  });

  test('wrong user, key or host: named, and nothing is asked of it', async () => {
    expect(await perform('off', { username: 'nobody-here' })).toMatch(/^fence_refused: /);
    expect(await perform('off', { identityFile: `${shell.parameters.identityFile}-none` })).toMatch(
      /^fence_refused: /,
    );
    await shell.changeHostKey();
    expect(await perform('off')).toMatch(/^fence_refused: .*[Hh]ost key verification failed/);
    expect(await shell.told()).toBe('');
  });

  test('one that hangs with its port open: not confirmed, and its programs end', async () => {
    shell.freeze();
    const deed = beginDeed(6000);
    expect(await perform('off', {}, deed)).toMatch(/^fence_(unreachable|not_confirmed): /);
    expect(deed.left()).toEqual([]);
  });
});
