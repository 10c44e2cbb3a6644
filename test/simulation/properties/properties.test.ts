import { describe, expect, test } from 'vitest';
import { PROTOCOL } from '../../../src/engine/controller/messages.ts';
import { milliseconds } from '../../../src/model/index.ts';
import { Corosync } from '../corosync/corosync.ts';
import { Lies } from '../lies.ts';
import { Random } from '../random.ts';
import { serving } from '../serving.ts';
import { Story } from '../story.ts';
import { Time } from '../time.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import { DATA_LUN } from '../world.ts';
import { checkCallers } from './bounds.ts';
import { checkDeadline } from './deadlines.ts';
import { Orders } from './orders.ts';
import { Quorate } from './quorate.ts';

/** What judges must itself be able to find something wrong. */
describe('S8: what is begun was ordered in the present view', () => {
  const start = { agent: 'lvm', operation: 'start', parameters: { pool: 'main' } } as const;
  const order = (generation: number): string =>
    `keelson/${PROTOCOL} 0 ${JSON.stringify({ message: { kind: 'order', generation, action: { ...start, node: 'alpha' } } })}`;

  function inView(view: string): Orders {
    const orders = new Orders('alpha');
    orders.enter(view);
    orders.settle();
    return orders;
  }

  test('an order of it is carried out, once', () => {
    const orders = inView('one');
    orders.hear(order(3), 1, 'one');
    orders.settle();
    orders.begin(start, 3);
    expect(() => orders.begin(start, 3)).toThrow('S8');
  });

  test('an order that was given in another view is not', () => {
    const orders = inView('two');
    orders.hear(order(3), 1, 'one');
    expect(() => orders.begin(start, 3)).toThrow('S8');
  });

  test('an order that waited until the view had ended is not', () => {
    const orders = inView('one');
    orders.hear(order(3), 1, 'one');
    orders.settle();
    orders.enter('two');
    expect(() => orders.begin(start, 3)).toThrow('S8');
  });

  test('an order that was held up until something ended is begun then, though the end of the view is heard right after that', () => {
    const orders = inView('one');
    orders.hear(order(3), 1, 'one');
    orders.settle();
    orders.free();
    orders.enter('two');
    expect(orders.begin(start, 4)).toBe(true);
    orders.settle();
    expect(() => orders.begin(start, 4)).toThrow('S8');
  });

  test('an order of a generation that has ended within the view is not', () => {
    const orders = inView('one');
    orders.hear(order(3), 1, 'one');
    orders.settle();
    expect(() => orders.begin(start, 4)).toThrow('S8');
  });

  test('two nodes do not both give orders', () => {
    const orders = inView('one');
    orders.hear(order(3), 1, 'one');
    expect(() => orders.hear(order(3), 2, 'one')).toThrow('S8');
  });
});

describe('S3: what is ordered is ordered with quorum', () => {
  const effect = (message: object) => ({
    kind: 'multicast' as const,
    payload: `keelson/${PROTOCOL} 0 ${JSON.stringify({ message })}`,
  });
  const order = effect({ kind: 'order', action: { id: 'start it', operation: 'start' } });
  const stop = effect({ kind: 'order', action: { id: 'stop it', operation: 'stop' } });
  const fencing = effect({ kind: 'fence-order', target: 'beta' });

  function inRing(quorate: boolean): Quorate {
    const told = new Quorate('alpha');
    told.hear({ kind: 'ring', ring: { sequence: 4 }, nodes: [1] }, 0);
    told.hear({ kind: 'quorum', ring: { sequence: 4 }, quorate, nodes: [1] }, 1);
    told.settle();
    return told;
  }

  test('with it anything may be ordered', () => {
    for (const each of [order, stop, fencing]) inRing(true).checkOrder(each);
  });

  test('without it nothing that starts, and no fencing', () => {
    inRing(false).checkOrder(stop);
    for (const each of [order, fencing]) expect(() => inRing(false).checkOrder(each)).toThrow('S3');
  });

  test('nor in a ring of which nobody has said yet whether it has it; what is under way may still be begun', () => {
    const told = inRing(true);
    told.hear({ kind: 'ring', ring: { sequence: 8 }, nodes: [1] }, 100);
    told.settle();
    expect(() => told.checkOrder(order)).toThrow('S3');
    expect(told.isLost(500)).toBe(false);
    expect(told.isLost(5000)).toBe(true);
  });
});

describe('lies', () => {
  const both = (): Violation => new Violation('S1', 'Primary on both nodes', ANY_LIE);

  test('excuse what follows from them while they are believed', () => {
    const lies = new Lies();
    let isOff = false;
    expect(lies.causeOf(both())).toBeUndefined();
    lies.tell({ cause: 'device lied', about: 'power of alpha', isOver: () => isOff });
    expect(lies.causeOf(both())).toBe('device lied');
    isOff = true;
    expect(lies.causeOf(both())).toBeUndefined();
  });

  test('of an agent do not excuse a start before a fencing', () => {
    const lies = new Lies();
    lies.tell({ cause: 'agent lied', about: 'lvm on alpha', isOver: () => false });
    expect(lies.causeOf(new Violation('S2', 'begins', ['device lied']))).toBeUndefined();
  });
});

test('S9: no deadline is none, and neither is one that never comes', () => {
  for (const timeout of [0, -1, NaN, Infinity]) expect(() => checkDeadline('it', timeout)).toThrow('S9');
  checkDeadline('it', 20_000);
});

test('bounds: a caller who has gone is not remembered', () => {
  const waits = {
    kind: 'fence',
    pool: 'main',
    target: 'beta',
    since: milliseconds(0),
    promotes: false,
  } as const;
  const requests = { 7: { kind: 'fence-peer', waitsFor: waits } } as const;
  checkCallers('alpha', requests, new Map([[7, 'there']]));
  expect(() => checkCallers('alpha', requests, new Map())).toThrow('bounds');
});

describe('in time', () => {
  test('S9: what failed to stop, and is neither stopped nor fenced, is found', () => {
    const world = serving();
    const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN)) ?? world.machines[0];
    const stop = { agent: 'lio-target', operation: 'stop', parameters: {}, timeout: 1000 } as const;
    server.unstopped.note(server, { ...stop, work: 'stop' });
    expect(() => world.run(150_000)).toThrow('S9');
  });

  test('S9: what only an engine knew that has died is looked at anew', () => {
    const world = serving();
    const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN)) ?? world.machines[0];
    const stop = { agent: 'lio-target', operation: 'stop', parameters: {}, timeout: 1000 } as const;
    server.unstopped.note(server, { ...stop, work: 'stop-1 target-main' });
    server.killEngine(1000);
    world.run(150_000);
    expect(server.kernel.serves(DATA_LUN)).toBe(true);
  });

  test('S9: who waits for an answer, where nothing is under way any more, is found', () => {
    const world = serving();
    const [{ engine, name }] = world.machines;
    if (engine === undefined) throw new Error('no engine runs');
    const lost = { action: 'lost', node: name, resource: 'drbd-main', timeout: milliseconds(20_000) };
    engine.state = { ...engine.state, inFlight: { lost } };
    expect(() => world.run(20_000)).toThrow('nothing is under way');
  });

  test('liveness: a Primary that asks nobody about its peer stays frozen, and is found', () => {
    const world = serving();
    for (const { kernel } of world.machines) kernel.replica.fencePeer = () => undefined;
    world.mirror.setLink(false);
    expect(() => world.run(150_000)).toThrow('liveness');
  });

  test('liveness: who takes back the fencing that frozen I/O waits for is found', () => {
    const world = serving();
    const server = world.machines.find(({ kernel }) => kernel.serves(DATA_LUN)) ?? world.machines[0];
    const peer = world.peer(server);
    server.withdraws();
    for (const board of world.boards.values()) board.reachable = false;
    world.mirror.setLink(false);
    world.run(20_000);
    expect(server.kernel.isFrozen).toBe(true);
    expect(() => peer.withdraws()).toThrow('liveness');
  });

  test('S2: who is held to be off, and takes part in the view, is found', () => {
    const world = serving();
    const [machine, peer] = world.machines;
    const { engine } = machine;
    if (engine === undefined) throw new Error('no engine runs');
    const { status } = engine.state;
    const known = status.nodes[peer.name];
    if (known === undefined) throw new Error('the peer is not known');
    const nodes = { ...status.nodes, [peer.name]: { ...known, state: 'offline' as const } };
    engine.state = { ...engine.state, status: { ...status, nodes } };
    expect(() => world.run(20_000)).toThrow('S2');
  });

  test('S7: a change that vanishes from a disk is found', () => {
    const world = serving();
    const [machine] = world.machines;
    const { config } = machine.store;
    const { [DATA_LUN]: gone, ...luns } = config.luns;
    expect(gone).toBeDefined();
    expect(() => machine.store.changed(config, { ...config, luns })).toThrow('S7');
  });
});

describe('the simulated cluster network', () => {
  /** Two nodes in one ring, and what each of their engines hears of messages. */
  function pair(seed: number) {
    const time = new Time(0);
    const corosync = new Corosync([1, 2], time, new Random(seed), new Story(time, false));
    const heard = new Map([1, 2].map((id): [number, string[]] => [id, []]));
    const views = new Map([1, 2].map((id): [number, string[]] => [id, []]));
    for (const id of [1, 2]) {
      corosync.start(id);
      corosync.join(id, {
        process: id,
        hear: (event, view = '') => {
          if (event.kind === 'message') heard.get(id)?.push(event.payload);
          if (event.kind === 'view') views.get(id)?.push(view);
        },
      });
    }
    const run = (duration: number): void => time.runUntil(time.now + duration, () => undefined);
    const send = (id: number, payload: string): void =>
      corosync.multicast(id, { process: id, payload, view: views.get(id)?.at(-1) ?? '' });
    run(5000);
    return { corosync, heard, views, run, send };
  }

  test('gives both nodes one order, in which messages of different senders change places', () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { heard, run, send } = pair(seed);
      send(1, 'a');
      send(2, 'b');
      send(1, 'c');
      run(1000);
      expect(heard.get(2)).toEqual(heard.get(1));
      const order = heard.get(1)?.join('') ?? '';
      expect(order.replace('b', '')).toBe('ac');
      orders.add(order);
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  test('loses one direction, and with it the ring; what was sent meanwhile comes when it is whole again', () => {
    const { corosync, heard, views, run, send } = pair(1);
    corosync.setDirection(1, 2, false);
    send(2, 'late');
    run(3000);
    expect(views.get(1)?.at(-1)).not.toBe(views.get(2)?.at(-1));
    corosync.setDirection(1, 2, true);
    run(3000);
    expect(views.get(1)?.at(-1)).toBe(views.get(2)?.at(-1));
    expect(heard.get(2)).toEqual(['late']);
    // In the ring of the one that sent it, or in the next one of both.
    expect(heard.get(1)?.length).toBeLessThanOrEqual(1);
  });

  test('a node that stood still for long is told at once that the other one left and came', () => {
    const { corosync, views, run } = pair(1);
    const before = views.get(1)?.length ?? 0;
    corosync.setStalled(1, true);
    run(10_000);
    expect(views.get(1)?.length).toBe(before);
    corosync.setStalled(1, false);
    run(5000);
    expect(views.get(1)?.length).toBeGreaterThan(before);
    expect(views.get(1)?.at(-1)).toBe(views.get(2)?.at(-1));
    expect(corosync.isQuorate(1)).toBe(true);
  });
});
