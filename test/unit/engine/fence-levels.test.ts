import { describe, expect, test } from 'vitest';
import {
  failed,
  failure,
  milliseconds,
  success,
  type Failure,
  type FenceDevice,
  type Result,
} from '../../../src/model/index.ts';
import { Engines, type FenceCall } from './engines.ts';

const SECOND = 1000;

/** Behind gamma's board, and where that fails: both of its feeds, each on a unit of its own. */
const feed = (side: 'left' | 'right'): FenceDevice => ({
  kind: 'pdu',
  name: `pdu-gamma-${side}`,
  node: 'gamma',
  level: 2,
  address: side === 'left' ? '10.0.0.31' : '10.0.0.32',
  port: 161,
  family: 'apc',
  outlets: ['gamma'],
  version: '2c',
  community: 'not a secret here',
});

const unreachable = failed(failure('fence_unreachable', 'it does not answer'));

/** The lab's end of the power: what each device would say, and what it was asked. */
class Feeds {
  readonly asked: string[] = [];
  readonly state: Record<string, 'on' | 'off' | 'silent' | 'stuck'>;

  constructor(state: Feeds['state']) {
    this.state = state;
  }

  readonly answer = ({ agent, verb, parameters }: FenceCall): Result<'on' | 'off'> => {
    const address = typeof parameters['address'] === 'string' ? parameters['address'] : 'none';
    if (parameters['node'] === 'gamma') this.asked.push(`${agent} ${address} ${verb}`);
    const state = this.state[address] ?? 'on';
    if (state === 'silent') return unreachable;
    if (state === 'stuck') return success('on');
    if (verb !== 'status') this.state[address] = verb;
    return success(verb === 'status' ? state : verb);
  };
}

const [board, left, right] = ['10.0.0.22', '10.0.0.31', '10.0.0.32'] as const;

type Answer = Parameters<Engines['answerDevices']>[0];

function pass(engines: Engines, feeds: Feeds, duration: number, answer: Answer = feeds.answer): void {
  for (let passed = 0; passed < duration; passed += 100) {
    engines.run(100);
    engines.answerDevices(answer);
  }
}

function loseGamma(feeds: Feeds, duration = 20 * SECOND, answer: Answer = feeds.answer): Engines {
  const engines = new Engines([feed('left'), feed('right')]);
  engines.run(5 * SECOND);
  engines.answerDevices(feeds.answer);
  feeds.asked.length = 0;
  engines.powerOff(3);
  pass(engines, feeds, duration, answer);
  return engines;
}

const gammaOf = (engines: Engines) => engines.engine(2).state.status.nodes['gamma'];
const told = (engines: Engines): readonly string[] => {
  return engines.said.flatMap(
    ({ payload }) =>
      /"fence-outcome".*"outcome":({.*?})/.exec(payload)?.[1]?.replace(/,"took":[0-9]+/, '') ?? [],
  );
};

describe('a node with a board and two feeds', () => {
  test('the board is enough: nobody touches the feeds', () => {
    const feeds = new Feeds({ [board]: 'on' });
    const engines = loseGamma(feeds);
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
    expect(feeds.asked).toEqual(['status', 'off', 'on'].map((verb) => `fence-ipmi ${board} ${verb}`));
    expect(told(engines)).toEqual(['{"confirmed":true,"devices":["ipmi-gamma"]}']);
  });

  test('the board is gone with the power: both feeds are off before the node is, and both are on again', () => {
    const feeds = new Feeds({ [board]: 'silent' });
    const engines = loseGamma(feeds, 5 * SECOND);
    expect(gammaOf(engines)).toMatchObject({
      state: 'offline',
      fencing: { attempts: 1, state: 'confirmed' },
    });
    expect(feeds.asked).toEqual([
      `fence-ipmi ${board} status`,
      ...['status', 'off', 'on'].flatMap((verb) => [left, right].map((unit) => `fence-pdu ${unit} ${verb}`)),
    ]);
    expect(told(engines)).toEqual(['{"confirmed":true,"devices":["pdu-gamma-left","pdu-gamma-right"]}']);
  });

  test('one feed that stays on is no proof, whatever the other one says; all is tried again until it is off', () => {
    const feeds = new Feeds({ [board]: 'silent', [right]: 'stuck' });
    const engines = loseGamma(feeds);
    const { state, fencing } = gammaOf(engines) ?? {};
    expect(state).toBe('lost');
    expect(fencing?.attempts).toBeGreaterThan(2);
    expect(fencing?.failure).toMatchObject({
      code: 'fence_unreachable',
      message: 'ipmi-gamma: it does not answer; pdu-gamma-right says that the power of gamma is still on',
    });
    feeds.state[right] = 'on';
    pass(engines, feeds, 30 * SECOND);
    expect(gammaOf(engines)?.state).toBe('offline');
    expect(feeds.state, 'and gamma has its power back').toMatchObject({ [left]: 'on', [right]: 'on' });
  });

  test('a board that takes the order and stays on is followed by the feeds, without a pause', () => {
    const feeds = new Feeds({ [board]: 'stuck' });
    const engines = loseGamma(feeds, 5 * SECOND);
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { attempts: 1 } });
    expect(feeds.asked).toContain(`fence-ipmi ${board} off`);
  });

  test('a feed that was switched off in vain is on again when the board confirms it, whoever asked it', () => {
    const feeds = new Feeds({ [board]: 'silent', [right]: 'stuck' });
    const engines = loseGamma(feeds, SECOND);
    expect(gammaOf(engines)?.fencing?.state).toBe('failing');
    expect(feeds.state[left]).toBe('off');
    feeds.state[board] = 'on';
    pass(engines, feeds, 10 * SECOND);
    expect(gammaOf(engines)).toMatchObject({
      state: 'offline',
      fencing: { state: 'confirmed', attempts: 2 },
    });
    expect(told(engines).at(-1)).toBe('{"confirmed":true,"devices":["ipmi-gamma"]}');
    expect(feeds.state).toMatchObject({ [board]: 'on', [left]: 'on' });
  });

  test('a node that comes back while its second feed is being switched gets the first one back', () => {
    const feeds = new Feeds({ [board]: 'silent' });
    const slow = (call: FenceCall) =>
      call.verb === 'off' && call.parameters['address'] === right ? undefined : feeds.answer(call);
    const engines = loseGamma(feeds, 2 * SECOND, slow);
    expect(feeds.state[left]).toBe('off');
    engines.start(3);
    pass(engines, feeds, 2 * SECOND, slow);
    expect(gammaOf(engines)).toMatchObject({ state: 'online', fencing: undefined });
    expect(feeds.state[left], 'the other feed may be going this moment').toBe('off');
    pass(engines, feeds, 5 * SECOND);
    expect(feeds.state).toMatchObject({ [left]: 'on', [right]: 'on' });
  });

  test('what is being switched on answers before it is switched off again', () => {
    const feeds = new Feeds({ [board]: 'silent' });
    const slow = (call: FenceCall) =>
      call.verb === 'on' && call.parameters['address'] === left ? undefined : feeds.answer(call);
    const engines = loseGamma(feeds, 5 * SECOND, slow);
    expect(gammaOf(engines)?.state).toBe('offline');
    engines.start(3);
    pass(engines, feeds, 2 * SECOND, slow);
    engines.powerOff(3);
    feeds.asked.length = 0;
    pass(engines, feeds, 5 * SECOND, slow);
    expect(gammaOf(engines)).toMatchObject({ state: 'lost', fencing: { state: 'running' } });
    expect(feeds.asked).toEqual([]);
    pass(engines, feeds, 10 * SECOND);
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
    expect(feeds.state).toMatchObject({ [left]: 'on', [right]: 'on' });
  });
});

describe('a device that shares the power of its node', () => {
  test('is asked as any other, and its silence is no proof, which is said', () => {
    const shared: FenceDevice = { ...feed('left'), name: 'pdu-gamma-shared', sharesPower: true };
    const engines = new Engines([shared]);
    const feeds = new Feeds({ [board]: 'silent', [left]: 'silent' });
    engines.run(5 * SECOND);
    engines.answerDevices(feeds.answer);
    engines.powerOff(3);
    pass(engines, feeds, 5 * SECOND);
    const { state, fencing } = gammaOf(engines) ?? {};
    expect(state).toBe('lost');
    expect(fencing?.failure?.message).toContain(
      'pdu-gamma-shared: it does not answer; it shares the power of gamma, and that it is dark proves nothing',
    );
    expect(fencing?.failure?.message, 'nothing is said of one with power of its own').toContain(
      'ipmi-gamma: it does not answer; pdu',
    );
    feeds.state[left] = 'off';
    pass(engines, feeds, 20 * SECOND);
    expect(gammaOf(engines)?.state, 'what it says when it has power is proof').toBe('offline');
  });
});

/** What an operator asks of the engine of node 1; the failure's code, or the answer. */
function ask(engines: Engines, kind: 'cluster.set' | 'node.power-on', body: object): unknown {
  engines.hear(1, { kind: 'request', id: 77, request: { kind, body, entropy: '' } });
  engines.run(100);
  const { effect } =
    engines.effects.findLast(({ effect: one }) => one.kind === 'reply' && one.id === 77) ?? {};
  if (effect?.kind !== 'reply') return undefined;
  return effect.result.ok ? effect.result.value : effect.result.failure.code;
}

const operationsOf = (engines: Engines) =>
  Object.values(engines.engine(2).state.config.current.operations).map(({ kind, state, failure: cause }) => [
    kind,
    state,
    cause?.code,
  ]);

describe('a node that stays off when it was fenced', () => {
  function loseForGood(
    feeds: Feeds,
    devices: readonly FenceDevice[] = [feed('left'), feed('right')],
  ): Engines {
    const engines = new Engines(devices);
    engines.run(5 * SECOND);
    engines.answerDevices(feeds.answer);
    ask(engines, 'cluster.set', { fenceAction: 'off' });
    feeds.asked.length = 0;
    engines.powerOff(3);
    pass(engines, feeds, 10 * SECOND);
    return engines;
  }

  test('is confirmed off as any other, and gets no power back, also where a first level had switched in vain', () => {
    const feeds = new Feeds({ [board]: 'stuck' });
    const engines = loseForGood(feeds);
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
    expect(told(engines)).toEqual(['{"confirmed":true,"devices":["pdu-gamma-left","pdu-gamma-right"]}']);
    pass(engines, feeds, 60 * SECOND);
    expect(feeds.state).toMatchObject({ [left]: 'off', [right]: 'off' });
    expect(feeds.asked.filter((asked) => asked.endsWith(' on'))).toEqual([]);
  });

  test('is switched on by a person, by all of its devices, however long one needs to answer again', () => {
    const feeds = new Feeds({ [board]: 'silent' });
    const engines = loseForGood(feeds);
    ask(engines, 'node.power-on', { name: 'gamma' });
    pass(engines, feeds, 30 * SECOND);
    expect(feeds.state).toMatchObject({ [left]: 'on', [right]: 'on' });
    expect(operationsOf(engines)).toEqual([['node.power-on', 'running', undefined]]);
    feeds.state[board] = 'off';
    pass(engines, feeds, 10 * SECOND);
    expect(feeds.state[board]).toBe('on');
    expect(operationsOf(engines)).toEqual([['node.power-on', 'succeeded', undefined]]);
    expect(engines.engine(1).state.fencing).toEqual({});
  });

  test('that comes while a device still does not answer was switched on all the same', () => {
    const feeds = new Feeds({ [board]: 'silent' });
    const engines = loseForGood(feeds);
    ask(engines, 'node.power-on', { name: 'gamma' });
    pass(engines, feeds, 5 * SECOND);
    engines.start(3);
    pass(engines, feeds, 10 * SECOND);
    expect(operationsOf(engines)).toEqual([['node.power-on', 'succeeded', undefined]]);
    expect(gammaOf(engines)?.state).toBe('online');
    expect(engines.engine(1).state.fencing).toEqual({});
  });

  test('that is lost again is fenced when what was switching it on has answered, and not before', () => {
    const feeds = new Feeds({ [board]: 'on' });
    const engines = loseForGood(feeds);
    const slow = (call: FenceCall) => (call.verb === 'on' ? undefined : feeds.answer(call));
    ask(engines, 'node.power-on', { name: 'gamma' });
    pass(engines, feeds, SECOND, slow);
    engines.start(3);
    pass(engines, feeds, 2 * SECOND, slow);
    expect(operationsOf(engines)).toEqual([['node.power-on', 'succeeded', undefined]]);
    engines.powerOff(3);
    feeds.asked.length = 0;
    pass(engines, feeds, 5 * SECOND, slow);
    expect(gammaOf(engines)?.state).toBe('lost');
    expect(feeds.asked).toEqual([]);
    pass(engines, feeds, 10 * SECOND);
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
    expect(feeds.state[board]).toBe('off');
  });

  test('and that no device switches on: the operation ends with what they say', () => {
    const feeds = new Feeds({ [board]: 'on' });
    const engines = loseForGood(feeds);
    feeds.state[board] = 'silent';
    ask(engines, 'node.power-on', { name: 'gamma' });
    pass(engines, feeds, 150 * SECOND);
    expect(operationsOf(engines)).toEqual([['node.power-on', 'failed', 'fence_unreachable']]);
    expect(gammaOf(engines)?.state).toBe('offline');
  });

  test('asked for twice, it is one operation; another controller carries it on', () => {
    const feeds = new Feeds({ [board]: 'on' });
    const engines = loseForGood(feeds);
    feeds.state[board] = 'silent';
    ask(engines, 'node.power-on', { name: 'gamma' });
    ask(engines, 'node.power-on', { name: 'gamma' });
    expect(operationsOf(engines)).toHaveLength(1);
    pass(engines, feeds, SECOND);
    const first = engines.engine(2).state.view.controller === 'alpha' ? 1 : 2;
    engines.kill(first);
    pass(engines, feeds, 3 * SECOND);
    feeds.state[board] = 'off';
    pass(engines, feeds, 10 * SECOND);
    expect(feeds.state[board]).toBe('on');
  });

  test('is not switched on while its fencing is not confirmed, nor while it is there', () => {
    const feeds = new Feeds({ [board]: 'silent', [left]: 'silent' });
    const engines = loseForGood(feeds);
    expect(gammaOf(engines)?.state).toBe('lost');
    expect(ask(engines, 'node.power-on', { name: 'gamma' })).toBe('node_off_unconfirmed');
    expect(ask(engines, 'node.power-on', { name: 'beta' })).toBe('node_not_off');
    expect(ask(engines, 'node.power-on', { name: 'delta' })).toBe('node_not_found');
    expect(operationsOf(engines)).toEqual([]);
  });
});

describe('a node that is put out by messages on a disk', () => {
  const disk: FenceDevice = {
    kind: 'sbd',
    name: 'sbd-gamma',
    node: 'gamma',
    level: 2,
    disks: { '/dev/sbd': 'a UUID' },
    watchdog: '/dev/watchdog',
    watchdogTimeout: milliseconds(5000),
  };
  const lose = (notice?: Failure): Engines => {
    const engines = new Engines([disk]);
    const answer: Answer = ({ agent, verb, parameters }) => {
      if (parameters['address'] === board) return unreachable;
      return success(agent === 'fence-sbd' && verb === 'off' ? 'off' : 'on');
    };
    engines.run(5 * SECOND);
    engines.answerDevices(answer);
    if (notice !== undefined) engines.hear(3, { kind: 'notice', key: 'sbd', failure: notice });
    engines.run(SECOND);
    engines.powerOff(3);
    for (let passed = 0; passed < 5 * SECOND; passed += 100) {
      engines.run(100);
      engines.answerDevices(answer);
    }
    return engines;
  };

  test('is off when the message has been waited for', () => {
    expect(gammaOf(lose())).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
  });

  test('is told to stay off where it is to, and the message is cleared before it starts again', () => {
    const engines = new Engines([disk]);
    const asked: string[] = [];
    const answer: Answer = ({ agent, verb, parameters }) => {
      if (parameters['address'] === board) return unreachable;
      if (agent === 'fence-sbd' && verb !== 'status')
        asked.push(typeof parameters['message'] === 'string' ? parameters['message'] : `as usual, ${verb}`);
      return success(agent === 'fence-sbd' && verb === 'off' ? 'off' : 'on');
    };
    engines.run(5 * SECOND);
    engines.answerDevices(answer);
    ask(engines, 'cluster.set', { fenceAction: 'off' });
    engines.powerOff(3);
    for (let passed = 0; passed < 5 * SECOND; passed += 100) {
      engines.run(100);
      engines.answerDevices(answer);
    }
    expect(gammaOf(engines)).toMatchObject({ state: 'offline', fencing: { state: 'confirmed' } });
    expect(asked).toEqual(['off', 'as usual, on']);
  });

  test('is not off by a message that nobody was there to read', () => {
    const { state, fencing } = gammaOf(lose(failure('sbd_not_running', 'the SBD daemon does not run'))) ?? {};
    expect(state).toBe('lost');
    expect(fencing?.failure?.message).toContain('a message proves nothing: the SBD daemon does not run');
  });
});
