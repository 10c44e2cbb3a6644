import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIpmiFenceAgent } from '../../agents/fence-ipmi/agent.ts';
import { TOO_LATE } from '../../agents/too-late.ts';
import type { Parameters } from '../../src/model/index.ts';
import type { FenceVerb } from '../../src/ports/index.ts';
import { against } from './against.ts';
import { beginDeed, discover, perform as performWith, until, type Deed } from './deeds.ts';
import { freePort } from './peers/free-port.ts';
import { peers } from './peers/installed.ts';
import { startBoard, type Board } from './peers/management-board.ts';

const agent = createIpmiFenceAgent();
const perform = (verb: FenceVerb, parameters: Parameters, deed?: Deed): Promise<string> =>
  performWith(agent, verb, parameters, deed);

/** How often the deed has asked the board for that. */
const asked = ({ visible }: Deed, what: string): number =>
  visible.filter((line) => line.endsWith(`chassis power ${what}`)).length;

against(peers.board, () => {
  let board: Board;
  beforeEach(async () => {
    board = await startBoard();
  });
  afterEach(() => board.stop());

  test('status: the power as somebody else has left it', async () => {
    expect(await perform('status', board.parameters)).toBe('it says on');
    await board.setPower('0');
    expect(await perform('status', board.parameters)).toBe('it says off');
  });

  test('says what it is and how the power is; a wrong password is named', async () => {
    const { address, port } = board.parameters;
    expect(await discover(agent, board.parameters)).toEqual({
      about: expect.stringMatching(/^management board.*, IPMI 2.0$/) as string,
      outlets: [{ name: address, id: expect.stringMatching(/^[0-9a-f-]{32,36}$/i) as string, power: 'on' }],
    });
    const deed = beginDeed();
    const said = await discover(agent, { ...board.parameters, password: 'wrong' }, deed);
    expect(said).toMatch(new RegExp(`^fence_refused: board ${address}:${port}`));
    expect(`${said as string} ${deed.visible.join()}`).not.toContain('wrong');
    expect(await board.power()).toBe('1');
  });

  test('off and on; repeating changes nothing', async () => {
    for (const [power, seen] of [
      ['off', '0'],
      ['off', '0'],
      ['on', '1'],
      ['on', '1'],
    ] as const) {
      expect(await perform(power, board.parameters)).toBe(`it says ${power}`);
      expect(await board.power()).toBe(seen);
    }
  });

  test('wrong password, wrong user: refused, nothing is switched', async () => {
    for (const wrong of [{ password: 'wrong' }, { username: 'nobody' }]) {
      expect(await perform('off', { ...board.parameters, ...wrong })).toMatch(/^fence_refused: board 127/);
      expect(await board.power()).toBe('1');
    }
  });

  test('wrong address: unreachable, by its own patience', async () => {
    const deed = beginDeed();
    const nowhere = { ...board.parameters, port: await freePort() };
    expect(await perform('off', nowhere, deed)).toMatch(/^fence_unreachable: board 127/);
    expect(deed.context.signal.aborted).toBe(false);
  });

  test('a board that hangs: the call ends at its deadline, and so does its program', async () => {
    board.freeze();
    const deed = beginDeed();
    const off = perform('off', board.parameters, deed);
    await until('ipmitool running', () => deed.left().length > 0);
    deed.abort();
    const { address, port } = board.parameters;
    expect(await off).toBe(`fence_unreachable: board ${address}:${port} has not answered ${TOO_LATE}`);
    expect(deed.left()).toEqual([]);
  });

  test('a board that takes its time: waited for, ordered once, believed only when it says off', async () => {
    await board.hold();
    const deed = beginDeed();
    const off = perform('off', board.parameters, deed);
    await until('three looks after the order', () => asked(deed, 'status') > 3);
    expect(await board.power()).toBe('1');
    await board.release();
    expect(await off).toBe('it says off');
    expect(await board.power()).toBe('0');
    expect(asked(deed, 'off')).toBe(1);
  });

  test('a board that takes longer than it may: not confirmed, and the word says what to do', async () => {
    await board.hold();
    const deed = beginDeed();
    const off = perform('off', board.parameters, deed);
    await until('a look after the order, and the next one', () => asked(deed, 'status') > 2);
    deed.abort();
    const { address, port } = board.parameters;
    expect(await off).toBe(`fence_not_confirmed: board ${address}:${port} still says on ${TOO_LATE}`);
    expect(deed.left()).toEqual([]);
  });

  test('a board that says yes and does nothing: never believed', async () => {
    await board.jam();
    const deed = beginDeed();
    const off = perform('off', board.parameters, deed);
    await until('three looks after the order', () => asked(deed, 'status') > 3);
    deed.abort();
    expect(await off).toMatch(/^fence_not_confirmed: .* still says on/);
  });

  test('its password is where nobody else sees it', async () => {
    const deed = beginDeed();
    await perform('off', board.parameters, deed);
    expect(asked(deed, 'off')).toBe(1);
    expect(deed.visible.join('\n')).not.toContain(board.parameters.password);
    expect(await perform('off', { ...board.parameters, username: '-x' }, deed)).toMatch(
      /^agent_parameters_invalid/,
    );
  });
});
