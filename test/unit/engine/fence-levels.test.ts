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
  return engines.said.flatMap(({ payload }) => /"fence-outcome".*"outcome":({.*?})/.exec(payload)?.[1] ?? []);
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

  test('is not off by a message that nobody was there to read', () => {
    const { state, fencing } = gammaOf(lose(failure('sbd_not_running', 'the SBD daemon does not run'))) ?? {};
    expect(state).toBe('lost');
    expect(fencing?.failure?.message).toContain('a message proves nothing: the SBD daemon does not run');
  });
});
