import { beforeAll, describe, expect, test } from 'vitest';
import { steps, type Effect, type Input } from '../../../src/engine/index.ts';
import { milliseconds } from '../../../src/model/index.ts';
import { digest } from '../../../src/platform/world.ts';
import { clusterWith } from '../../bench/idle/cluster.ts';
import { Pair, type Half } from '../../bench/idle/pair.ts';

const LUNS = 120;
const MINUTE = 60_000;

const active = ({ name, state }: Half): readonly string[] =>
  Object.entries(state.status.nodes[name]?.instances ?? {})
    .filter(([, { observation }]) => observation !== 'unknown' && observation.state !== 'stopped')
    .map(([resource]) => resource);

/** Two engines that serve, at rest. */
function atRest(together?: number): { readonly pair: Pair; readonly server: Half; readonly other: Half } {
  const pair = new Pair(clusterWith(LUNS), together);
  pair.begin();
  pair.pass(MINUTE);
  const [server, other] = pair.halves.toSorted((a, b) => active(b).length - active(a).length);
  if (server === undefined || other === undefined) throw new Error('there are two engines');
  return { pair, server, other };
}

const looks = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === 'perform' && effect.operation === 'monitor' ? [effect.work.split(' ')[1] ?? ''] : [],
  );

describe('recurring monitors', () => {
  let server: Half;
  let now: number;

  beforeAll(() => {
    const rest = atRest();
    server = rest.server;
    now = rest.pair.now;
  });

  /** What one round looks at, and after how long the next one comes. */
  function round(): { readonly seen: readonly string[]; readonly pause: number } {
    const { state, effects } = hear([{ kind: 'timer', name: 'monitor' }]);
    server.state = state;
    const pause = effects.find((effect) => effect.kind === 'timer' && effect.name === 'monitor');
    return { seen: looks(effects), pause: (pause?.kind === 'timer' && pause.delay) || Infinity };
  }

  const hear = (inputs: readonly Input[]) => steps(server.state, inputs, milliseconds(now), digest);

  function answer(resources: readonly string[]): void {
    const inputs = resources.map((resource): Input => {
      const work = server.state.executor.work.get(resource);
      const seen = server.state.status.nodes[server.name]?.instances[resource]?.observation;
      if (work === undefined || seen === undefined || seen === 'unknown') throw new Error(resource);
      return { kind: 'performed', work: work.name, result: { ok: true, value: seen } };
    });
    server.state = hear(inputs).state;
  }

  test('look at everything that is active within its interval, and at few at a time', () => {
    const seen = new Set<string>();
    let passed = 0;
    for (;;) {
      const { seen: now, pause } = round();
      expect(now.length).toBeLessThanOrEqual(50);
      for (const resource of now) seen.add(resource);
      answer(now);
      if (seen.size >= active(server).length) break;
      passed += pause;
      expect(passed).toBeLessThan(10_000);
    }
    expect([...seen].sort()).toEqual(active(server).toSorted());
  });

  test('leave out what is still being looked at', () => {
    const first = round().seen;
    const rounds = [round(), round(), round(), round()];
    expect(rounds.flatMap(({ seen }) => seen)).not.toContain(first[0]);
    expect(hear([{ kind: 'hint', resource: first[0] ?? '' }]).effects).toEqual([]);
  });
});

describe('inputs that come together', () => {
  test('lead to what they lead to one by one', () => {
    const [single, together] = [atRest(1), atRest()];
    expect(together.server.state.status).toEqual(single.server.state.status);
    expect(together.other.state.status).toEqual(single.other.state.status);
    expect(together.server.state.inFlight).toEqual({});

    for (const { pair, server } of [single, together]) {
      pair.lose(server);
      pair.pass(MINUTE);
    }
    expect(active(together.other).filter((resource) => resource.startsWith('lun-'))).toHaveLength(LUNS);
    expect(together.other.state.status).toEqual(single.other.state.status);
  });

  test('change nothing of the state before', () => {
    const { pair, server, other } = atRest();
    const before = other.state;
    const copy = structuredClone(before);
    pair.lose(server);
    pair.pass(MINUTE);
    expect(other.state).not.toEqual(copy);
    expect(before).toEqual(copy);
  });
});
