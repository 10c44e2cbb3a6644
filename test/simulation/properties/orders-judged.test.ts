import { describe, expect, test } from 'vitest';
import { success } from '../../../src/model/index.ts';
import type { Work } from '../agent-host.ts';
import { serving } from '../serving.ts';
import { DATA_LUN } from '../world.ts';
import { Dealings } from './dealings.ts';
import { checkGrounds } from './grounds.ts';
import { checkKnown } from './known.ts';

const work = (operation: Work['operation'], agent: Work['agent'], lun?: string): Work => ({
  work: `${operation} ${agent}`,
  agent,
  operation,
  parameters: lun === undefined ? {} : { lun, number: 0, serial: 'new' },
  timeout: 1000,
});

describe('what one engine has done on its machine', () => {
  test('two operations on one resource are never under way at once', () => {
    const dealings = new Dealings('alpha');
    const monitor = work('monitor', 'lio-lun', 'data');
    dealings.begin(monitor, 0, 1);
    dealings.begin(work('start', 'lio-lun', 'other'), 0, 1);
    expect(() => dealings.begin(work('stop', 'lio-lun', 'data'), 1, 1)).toThrow('S9');
    dealings.end(monitor, success({ state: 'running' }), 2, 1);
    dealings.begin(work('stop', 'lio-lun', 'data'), 3, 1);
  });

  test('a deed that was done is not done again at once, but by another controller', () => {
    const dealings = new Dealings('alpha');
    const create = work('create', 'lio-lun', 'data');
    dealings.begin(create, 0, 1);
    dealings.end(create, success({ state: 'stopped' }), 100, 1);
    expect(() => dealings.begin(create, 200, 1)).toThrow('S7');
    dealings.begin(create, 200, 2);
  });
});

describe('where one node serves', () => {
  const world = serving();
  const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN)) ?? world.machines[0];
  const other = world.peer(server);

  test.each([
    ['S1', work('promote', 'drbd')],
    ['S2', work('start', 'lvm')],
    ['S5', work('start', 'lio-lun', DATA_LUN)],
    ['S5', work('remove', 'lio-lun', DATA_LUN)],
  ])('%s: the other one begins nothing of it', (property, begun) => {
    expect(() => checkGrounds(other, server, begun)).toThrow(property);
  });

  test('known: what the engine has done itself is not done again, but where something else was seen since', () => {
    const start = work('start', 'lio-lun', DATA_LUN);
    const end = (begun: Work, state: 'running' | 'stopped'): void =>
      server.engine?.dealings.end(begun, success({ state }), 0, 0);
    end(start, 'running');
    expect(() => checkKnown(server, start)).toThrow('known');
    end(work('monitor', 'lio-lun', DATA_LUN), 'running');
    expect(() => checkKnown(server, start)).toThrow('known');
    end(work('monitor', 'lio-lun', DATA_LUN), 'stopped');
    checkKnown(server, start);
    end(start, 'running');
    checkKnown(server, work('stop', 'lio-lun', DATA_LUN));
  });

  test('another LUN does not get its number', () => {
    const number = server.kernel.luns.get(DATA_LUN)?.number;
    const begun = work('start', 'lio-lun', 'another');
    const same = { ...begun, parameters: { ...begun.parameters, number: number ?? -1 } };
    server.engine?.dealings.end(begun, success({ state: 'stopped' }), 0, 0);
    other.engine?.dealings.end(begun, success({ state: 'stopped' }), 0, 0);
    expect(() => checkGrounds(server, other, same)).toThrow('number or serial');
  });

  test('nothing is taken down from under what stands on it', () => {
    expect(() => checkGrounds(server, other, work('stop', 'lvm'))).toThrow('sequence');
  });

  test('the host is told that its disk is gone, and that is found', () => {
    server.kernel.luns.delete(DATA_LUN);
    expect(() => world.run(1000)).toThrow('there is no LUN');
  });
});
