import { describe, expect, test } from 'vitest';
import { failed, failure, type Observation, type Result } from '../../../src/model/index.ts';
import type { Work } from '../../simulation/agent-host.ts';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { WireTap } from './wire-tap.ts';

type Answer = (result: Result<Observation>) => void;

/** How the agent host of this machine answers one operation, from now on. */
function answers(machine: Machine, operation: Work['operation'], how: (answered: Answer) => Answer): void {
  const perform = machine.agents.perform.bind(machine.agents);
  machine.agents.perform = (work, answered) => {
    perform(work, work.operation === operation ? how(answered) : answered);
  };
}

const attempts = (san: San, machine: Machine, operation: Work['operation']): (() => number) => {
  const { began } = san.watchWork(machine);
  return () => began.filter((work) => work.operation === operation && work.agent === 'lio-lun').length;
};

describe('the result of an action', () => {
  test('comes twice: it counts once', () => {
    const san = San.serving();
    answers(san.beta, 'start', (answered) => (result) => {
      answered(result);
      san.world.time.after(3 * SECOND, () => answered(result));
    });
    const starts = attempts(san, san.beta, 'start');
    san.alpha.cut();
    san.eventually('beta serves', () => san.server === san.beta);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    expect(starts()).toBe(1);
  });

  test('is told twice to the others: it counts once, and the second is told of', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    san.for(6 * SECOND);
    const outcome = tap.said
      .map(({ payload }) => tap.read(payload))
      .findLast(({ message }) => message.kind === 'outcome');
    expect(outcome).toBeUndefined();
    san.world.operator.create(san.alpha, 'more', 4);
    san.eventually('it is served', () => san.alpha.kernel.serves('more'));
    san.eventually('all is well', () => san.isWell());
    const told = tap.said
      .map(({ payload }) => tap.read(payload))
      .findLast(({ message }) => message.kind === 'outcome');
    if (told === undefined) throw new Error('no result was told');
    const starts = attempts(san, san.alpha, 'start');
    tap.forge(san.alpha, told.message);
    san.eventually('it is told of', () =>
      san.status(san.beta).problems.some(({ code }) => code === 'result_unasked'),
    );
    san.for(MINUTE);
    expect(starts()).toBe(0);
    expect(san.isWell()).toBe(true);
  });

  test('comes after its deadline: the work has failed by then, unless it is seen to be done all the same', () => {
    const san = San.serving();
    const begun: string[] = [];
    const perform = san.beta.agents.perform.bind(san.beta.agents);
    san.beta.agents.perform = (work, answered) => {
      if (work.agent !== 'lvm' || work.operation !== 'start') return perform(work, answered);
      begun.push(work.operation);
      perform(work, (result) => {
        const late = failed(failure('agent_timeout', 'lvm start overran its deadline'));
        san.world.time.after(work.timeout, () => answered(late));
        san.world.time.after(work.timeout + 10 * SECOND, () => answered(result));
      });
    };
    san.alpha.cut();
    san.eventually('beta serves all the same', () => san.server === san.beta, 3 * MINUTE);
    san.for(MINUTE);
    expect(begun).toEqual(['start']);
    expect(san.server).toBe(san.beta);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
  });

  test('never comes, because the executor has forgotten it: its node is fenced', () => {
    const san = San.serving();
    const tap = new WireTap(san);
    const { life } = san.beta;
    let lost = 0;
    tap.change = (payload, from) => {
      const isLost = from === san.beta.id && payload.includes('"message":{"kind":"outcome"');
      if (isLost) lost += 1;
      return isLost && lost === 1 ? [] : [payload];
    };
    // Beta's engine starts anew, and has to look at everything: one answer of it is never heard.
    san.beta.killEngine();
    san.eventually('beta is fenced', () => san.beta.life > life, 3 * MINUTE);
    expect(lost).toBeGreaterThan(0);
    expect(san.server).toBe(san.alpha);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    san.world.host.checkAll();
  });
});

describe('the disk of a node cannot be written', () => {
  test('the status says so, nothing is acknowledged meanwhile, and it ends when it can', () => {
    const san = San.serving();
    san.beta.store.failing = true;
    const acknowledged: unknown[] = [];
    san.alpha.request('lun.create', { name: 'more', size: 4 * 1024 * 1024 }, (result) =>
      acknowledged.push(result),
    );
    const isTold = (machine: Machine): boolean =>
      san
        .status(machine)
        .problems.some(({ code, message }) => code === 'store_failed' && message.startsWith('beta: '));
    san.eventually('both tell of it', () => isTold(san.alpha) && isTold(san.beta), 5 * SECOND);
    san.for(30 * SECOND);
    expect(acknowledged).toEqual([]);
    san.beta.store.failing = false;
    san.eventually('it is over', () => !isTold(san.alpha) && !isTold(san.beta), 15 * SECOND);
    expect(acknowledged).toMatchObject([{ ok: true }]);
    san.eventually('all is well', () => san.isWell());
  });
});
