import { describe, expect, test } from 'vitest';
import type { OperationAction } from '../../../src/engine/controller/messages.ts';
import { milliseconds, type StatusView } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { WireTap } from './wire-tap.ts';

const problem = (san: San, machine: Machine, code: string): StatusView['problems'][number] | undefined =>
  san.status(machine).problems.find((each) => each.code === code);

/** Nothing but monitors is begun from now on. */
function watchHands(san: San): () => readonly string[] {
  const watched = [san.alpha, san.beta].map((machine) => [machine, san.watchWork(machine)] as const);
  return () =>
    watched.flatMap(([{ name }, { began }]) =>
      began.flatMap(({ operation, agent }) =>
        operation === 'monitor' ? [] : [`${name}: ${agent} ${operation}`],
      ),
    );
}

/** A minute later it is all forgotten, and nothing was done to anybody. */
function itPasses(san: San, code: string, touched: () => readonly string[]): void {
  san.hostGetsOn();
  san.eventually('it is over', () =>
    [san.alpha, san.beta].every((machine) => problem(san, machine, code) === undefined),
  );
  expect(touched()).toEqual([]);
  expect(san.fencings).toBe(0);
  expect(san.isWell()).toBe(true);
}

describe('what an engine hears and does not believe', () => {
  test('what was said before is said again: refused on both nodes, and nothing is done twice', () => {
    const san = new San(1);
    const tap = new WireTap(san);
    san.switchOn();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    const touched = watchHands(san);
    const old = tap.said.filter(({ from }) => from === san.beta.id).slice(-200);
    expect(old.length).toBeGreaterThan(10);
    for (const { payload } of old) tap.say(san.beta, payload);
    san.for(SECOND);
    for (const machine of [san.alpha, san.beta])
      expect(problem(san, machine, 'message_replayed')?.message).toContain('a message of beta was refused');
    san.eventually('it is over', () => problem(san, san.alpha, 'message_replayed') === undefined);
    expect(touched()).toEqual([]);
    expect(san.isWell()).toBe(true);
  });

  test.each([
    ['one cut short', (text: string) => text.slice(0, text.length / 2), 'message_malformed'],
    [
      'one with a turned bit',
      (text: string) => `${text.slice(0, 60)}#${text.slice(61)}`,
      'message_malformed',
    ],
    ['no message of ours at all', () => 'GET / HTTP/1.1', 'message_malformed'],
  ])('%s is refused, with the reason in the status until good ones come again', (_what, damage, code) => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    let left = 3;
    tap.change = (payload, from) => [from === san.beta.id && left-- > 0 ? damage(payload) : payload];
    san.eventually('the status says so', () => problem(san, san.alpha, code) !== undefined);
    expect(problem(san, san.alpha, code)?.severity).toBe('attention');
    itPasses(san, code, touched);
  });

  test('one of another cluster is refused', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    tap.forge(san.beta, { kind: 'fence-wanted', target: 'alpha', reason: 'for fun' }, { cluster: 'theirs' });
    san.for(6 * SECOND);
    expect(problem(san, san.alpha, 'message_foreign')?.message).toContain('another cluster');
    itPasses(san, 'message_foreign', touched);
  });

  test('what a node tells of another one is not believed', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    tap.forge(san.beta, {
      kind: 'report',
      node: 'alpha',
      resource: 'drbd-main',
      observation: { state: 'stopped' },
    });
    san.for(6 * SECOND);
    expect(problem(san, san.beta, 'message_not_its_own')?.message).toContain('it tells of alpha');
    itPasses(san, 'message_not_its_own', touched);
  });

  test('an order that does not come from the DC is not carried out', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    const generation = san.alpha.engine?.state.view.generation ?? 0;
    tap.forge(san.beta, {
      kind: 'fence-order',
      generation,
      target: 'alpha',
      by: 'beta',
      reason: 'for fun',
      level: undefined,
    });
    san.for(6 * SECOND);
    expect(problem(san, san.alpha, 'message_not_its_own')?.message).toContain('alpha is the DC');
    itPasses(san, 'message_not_its_own', touched);
  });

  test('a result for an action that nobody asked for counts for nothing, and is told', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    const action = { ...stopTheLun, id: 'start lun-data on beta', node: 'beta', operation: 'start' as const };
    const outcome = { observation: { state: 'stopped' as const }, failure: undefined };
    tap.forge(san.beta, { kind: 'outcome', action, outcome });
    san.for(6 * SECOND);
    expect(problem(san, san.alpha, 'result_unasked')?.message).toContain("'start lun-data on beta'");
    itPasses(san, 'result_unasked', touched);
  });

  test('a node that calls itself otherwise is not listened to, and what the other one serves goes on', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const touched = watchHands(san);
    tap.forge(san.beta, { kind: 'fence-wanted', target: 'alpha', reason: 'for fun' }, { node: 'gamma' });
    san.for(6 * SECOND);
    expect(problem(san, san.alpha, 'node_renamed')?.message).toContain(
      'calls itself gamma, and is configured as beta',
    );
    itPasses(san, 'node_renamed', touched);
  });
});

const stopTheLun: OperationAction = {
  kind: 'operation',
  id: 'stop lun-data on alpha',
  node: 'alpha',
  resource: 'lun-data',
  agent: 'lio-lun',
  operation: 'stop',
  parameters: {},
  timeout: milliseconds(1000),
  deed: undefined,
  reason: 'for fun',
};
