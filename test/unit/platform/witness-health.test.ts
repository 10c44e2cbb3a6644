import { beforeEach, expect, test } from 'vitest';
import type { Failure } from '../../../src/model/index.ts';
import { createWitnessHealth, type WitnessHealth } from '../../../src/platform/corosync/witness-health.ts';
import type { Votes } from '../../../src/platform/corosync/votes.ts';

/** What votequorum would say, or undefined where Corosync is away. */
let votes: Votes | undefined;
let told: (Failure | undefined)[];
let fire: () => void;
let address: string | undefined;
let health: WitnessHealth;

const good = { quorate: true, expected: 3, isTwoNode: false, isRegistered: true, isVoting: true };

beforeEach(() => {
  votes = good;
  told = [];
  address = '10.0.9.9';
  health = createWitnessHealth({
    witness: () => address,
    node: 1,
    clock: {
      after: (_delay, fired) => {
        fire = fired;
        return { cancel: () => undefined };
      },
    },
    connect: () =>
      votes === undefined
        ? { error: 'library' }
        : { ask: (answered) => answered(votes ?? { error: 'library' }), close: () => undefined },
  });
  health.start((_key, failure) => told.push(failure));
});

const look = (times: number): void => {
  for (let time = 0; time < times; time += 1) fire();
};

test('a witness that votes is no news, and neither is none', () => {
  look(10);
  address = undefined;
  look(10);
  expect(told).toEqual([]);
});

test('it can be asked whether the witness votes, and says nothing where it does not know', () => {
  expect(health.votes()).toBeUndefined();
  look(1);
  expect(health.votes()).toBe(true);
  votes = { ...good, isVoting: false };
  look(1);
  expect(health.votes()).toBe(false);
  votes = undefined;
  look(1);
  expect(health.votes()).toBeUndefined();
});

test('one that is silent is told after a while, once, with why; and its end', () => {
  look(2);
  votes = { ...good, isVoting: false };
  look(3);
  expect(told).toEqual([]);
  look(5);
  expect(told).toMatchObject([
    {
      code: 'witness_unreachable',
      message: expect.stringContaining('10.0.9.9 does not vote: it cannot') as string,
    },
  ]);
  votes = { ...good, isVoting: false, isRegistered: false };
  look(1);
  expect(told[1]?.message).toContain('corosync-qdevice does not run on this node');
  votes = good;
  look(2);
  expect(told).toHaveLength(3);
  expect(told[2]).toBeUndefined();
});

test('without quorum, or without Corosync, it is not the witness that is told of', () => {
  votes = { ...good, quorate: false, isVoting: false };
  look(10);
  votes = undefined;
  look(10);
  expect(told).toEqual([]);
});
