import { describe, expect, test } from 'vitest';
import { Random } from '../../simulation/random.ts';
import { Engines } from './engines.ts';

const SECOND = 1000;

/** What all members of a complete view must hold alike. */
function shared(engines: Engines, id: number): unknown {
  const { view, heard, status, config, inFlight } = engines.engine(id).state;
  return {
    complete: view.complete,
    members: view.members,
    generation: view.generation,
    controller: view.controller,
    silent: view.sound.silent,
    heard,
    revision: config.hash,
    inFlight: Object.keys(inFlight).sort(),
    nodes: Object.entries(status.nodes).map(([name, { state, fenceWanted }]) => [name, state, fenceWanted]),
  };
}

function allAgree(engines: Engines, ids: readonly number[] = [1, 2, 3]): void {
  const [first = 0, ...others] = ids;
  for (const id of others) expect(shared(engines, id), `${id} like ${first}`).toEqual(shared(engines, first));
}

const stateOf = (engines: Engines, seenBy: number, name: string): string | undefined =>
  engines.engine(seenBy).state.status.nodes[name]?.state;

/** Who was multicast to be fenced, by whom. */
const wished = (engines: Engines): readonly string[] =>
  engines.said.flatMap(({ from, payload }) =>
    payload.includes('"kind":"fence-wanted"')
      ? [`${from}: ${/"target":"(\w+)"/.exec(payload)?.[1] ?? ''}`]
      : [],
  );

describe('three engines', () => {
  test('complete their view and agree, whatever their clocks show', () => {
    const engines = new Engines();
    engines.run(30 * SECOND);
    allAgree(engines);
    expect(shared(engines, 1)).toMatchObject({ complete: true, controller: 'alpha', silent: [] });
  });

  test('agree at which place of the order the DC is silent, who follows it, and who fences it', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    const { generation } = engines.engine(1).state.view;
    engines.hang(1, true);
    engines.run(17 * SECOND);
    allAgree(engines, [2, 3]);
    expect(shared(engines, 2)).toMatchObject({ controller: 'beta', generation: generation + 1, silent: [1] });
    expect(stateOf(engines, 3, 'alpha')).toBe('engine-gone');
    expect(wished(engines)).toEqual([]);

    engines.run(15 * SECOND);
    allAgree(engines, [2, 3]);
    expect(wished(engines)[0]).toBe('2: alpha');

    // It reads on: the same order leads it to the same state.
    engines.hang(1, false);
    engines.run(10 * SECOND);
    allAgree(engines);
    expect(shared(engines, 1)).toMatchObject({ controller: 'beta', silent: [] });
    expect(stateOf(engines, 1, 'alpha')).toBe('online');
  });

  test('two hang at once: the third one follows, and blames both', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.hang(1, true);
    engines.hang(2, true);
    engines.run(40 * SECOND);
    expect(shared(engines, 3)).toMatchObject({ controller: 'gamma' });
    expect(new Set(wished(engines))).toEqual(new Set(['3: alpha', '3: beta']));
    engines.hang(1, false);
    engines.hang(2, false);
    engines.run(10 * SECOND);
    allAgree(engines);
  });

  test('a hung engine is left out when the group changes; when it reads on, all exchange their state again', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.hang(1, true);
    engines.kill(3);
    engines.start(3);
    engines.run(5 * SECOND);
    expect(shared(engines, 2)).toMatchObject({ complete: false });
    engines.run(35 * SECOND);
    allAgree(engines, [2, 3]);
    expect(shared(engines, 2)).toMatchObject({ complete: true, controller: 'beta' });
    expect(wished(engines)[0]).toBe('2: alpha');
    engines.hang(1, false);
    engines.run(15 * SECOND);
    allAgree(engines);
    expect(shared(engines, 1)).toMatchObject({ complete: true, silent: [] });
  });

  test('one that stood still accuses nobody of what it has not heard yet', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.kill(2);
    engines.run(SECOND);
    engines.hang(1, true);
    engines.start(2);
    engines.run(20 * SECOND);
    // The first that it does is to look at its timers: beta's engine has been gone for 20 s, as far as it knows.
    engines.hang(1, false);
    expect(wished(engines)).toEqual(['1: beta']);
    engines.run(15 * SECOND);
    allAgree(engines);
    expect(shared(engines, 3)).toMatchObject({ complete: true, controller: 'alpha' });
    for (const id of [1, 2, 3])
      expect(engines.engine(id).state.status.nodes['beta']?.fenceWanted).toBeUndefined();
  });

  test('one that boots beside an engine that knows goes on with it, without the node that is off', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.powerOff(3);
    engines.powerOff(2);
    const before = engines.engine(1).state;
    engines.kill(1);
    engines.start(2);
    engines.start(1, before);
    engines.run(10 * SECOND);
    allAgree(engines, [1, 2]);
    expect(shared(engines, 2)).toMatchObject({ complete: true, members: [1, 2] });
  });

  test('what an engine left to the next one of who is off, all members believe', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.powerOff(3);
    engines.run(5 * SECOND);
    engines.confirmOff();
    engines.run(5 * SECOND);
    expect(stateOf(engines, 1, 'gamma')).toBe('offline');
    const before = engines.engine(1).state;
    engines.kill(1);
    engines.kill(2);
    engines.start(2);
    engines.start(1, before);
    engines.run(10 * SECOND);
    allAgree(engines, [1, 2]);
    expect(stateOf(engines, 2, 'gamma')).toBe('offline');
  });

  test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'agree after a bad time of replays, damage, pauses and restarts (seed %i)',
    (seed) => {
      const engines = new Engines();
      const random = new Random(seed);
      engines.run(10 * SECOND);
      for (let round = 0; round < 60; round += 1) {
        const id = random.between(1, 3);
        const old = random.pick(engines.said);
        const { alive, hung } = engines.engine(id);
        switch (random.between(1, 6)) {
          case 1:
          case 2:
            engines.say(old.from, old.payload);
            break;
          case 3:
            engines.say(random.between(1, 3), old.payload);
            break;
          case 4:
            engines.say(old.from, old.payload.slice(0, random.between(0, old.payload.length - 1)));
            break;
          case 5:
            if (alive) engines.hang(id, !hung);
            break;
          case 6:
            if (hung || !alive) break;
            engines.kill(id);
            engines.run(random.between(0, 3) * SECOND);
            engines.start(id);
        }
        engines.run(random.between(0, 8) * SECOND);
      }
      for (const id of [1, 2, 3]) engines.hang(id, false);
      engines.run(90 * SECOND);
      expect(shared(engines, 1)).toMatchObject({ complete: true, members: [1, 2, 3], silent: [] });
      allAgree(engines);
      for (const id of [1, 2, 3]) expect(engines.engine(id).state.refusals).toEqual({});
    },
  );
});

describe('what a view leaves behind', () => {
  test('who goes on without a node that is off writes a revision of its own view first', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    const { revision } = engines.engine(1).state.config.current;
    engines.powerOff(3);
    engines.run(5 * SECOND);
    expect(engines.engine(1).state.config.current.revision, 'gamma may be going on itself').toBe(revision);
    engines.confirmOff();
    engines.run(5 * SECOND);
    for (const id of [1, 2]) {
      const { config, view } = engines.engine(id).state;
      expect(config.current).toMatchObject({ revision: revision + 1, generation: view.generation });
    }
  });

  test('engines that all begin anew in the same boot count their views on from where the last ones were', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    const before = [1, 2, 3].map((id) => engines.engine(id).state);
    for (const id of [1, 2, 3]) engines.kill(id);
    for (const [index, state] of before.entries()) engines.start(index + 1, state);
    engines.run(10 * SECOND);
    allAgree(engines);
    expect(engines.engine(1).state.view.generation).toBeGreaterThan(before[0]?.view.generation ?? Infinity);
    expect(engines.engine(1).state.view.generation).toBeLessThan((before[0]?.view.generation ?? 0) + 10);
  });

  test('a node whose engine was gone already, and that is then lost, makes void what is on its way', () => {
    const engines = new Engines();
    engines.run(10 * SECOND);
    engines.kill(3);
    engines.run(5 * SECOND);
    const { generation } = engines.engine(1).state.view;
    expect(stateOf(engines, 1, 'gamma')).toBe('engine-gone');
    engines.powerOff(3);
    engines.run(5 * SECOND);
    allAgree(engines, [1, 2]);
    expect(stateOf(engines, 2, 'gamma')).toBe('lost');
    expect(engines.engine(1).state.view.generation).toBeGreaterThan(generation);
  });
});
