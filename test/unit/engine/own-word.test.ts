import { expect, test } from 'vitest';
import {
  initialConfig,
  initialState,
  step,
  type Effect,
  type Input,
  type TransportInput,
} from '../../../src/engine/index.ts';
import { onConfig, onStored } from '../../../src/engine/controller/configuration.ts';
import { mergedStatus } from '../../../src/engine/controller/merged-status.ts';
import type { Sync } from '../../../src/engine/controller/messages.ts';
import { failure, milliseconds, success } from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';
import { digest } from '../../simulation/digest.ts';

/** One engine that may act alone, whose Corosync is slow to give back what it says. */
function alone(off: readonly string[] = [], self: 'alpha' | 'beta' = 'alpha') {
  const id = self === 'alpha' ? 1 : 2;
  let state = initialState({
    self,
    incarnation: `life-${self}`,
    boot: 'boot',
    config: initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' }),
    legacy: { generation: 5, knownOff: { ring: 4, nodes: off } },
    now: milliseconds(1000),
    digest,
  });
  const hear = (input: Input): readonly Effect[] => {
    const taken = step(state, input, milliseconds(2000), digest);
    ({ state } = taken);
    return taken.effects;
  };
  const told = (event: TransportInput): readonly Effect[] => hear({ kind: 'transport', event });
  const view = (ids = [id]): readonly Effect[] =>
    told({ kind: 'view', members: ids.map((node) => ({ node, process: 100 + node })), left: [] });
  const back = (payload: string, node = id): readonly Effect[] => told({ kind: 'message', node, payload });
  /** Its state comes back, and then that it agrees to it. */
  const agree = (payload: string): void => void back(said(back(payload), 'agree'));
  return { hear, told, view, back, agree, state: () => state };
}

/** What was said, of one kind. */
const said = (effects: readonly Effect[], kind: string): string =>
  effects.flatMap((effect) =>
    effect.kind === 'multicast' && effect.payload.includes(`"message":{"kind":"${kind}"`)
      ? [effect.payload]
      : [],
  )[0] ?? '';

test('what an engine told of itself is not forgotten for an older state that comes late', () => {
  const { hear, told, view, back, agree, state } = alone();
  told({ kind: 'up', self: 1 });
  agree(said(view(), 'sync'));
  expect(state().view.complete).toBe(true);
  const work = hear({ kind: 'hint', resource: 'drbd-main' }).flatMap((effect) =>
    effect.kind === 'perform' ? [effect.work] : [],
  )[0];
  const result = success({ state: 'running' as const });
  const report = said(hear({ kind: 'performed', work: work ?? '', result }), 'report');
  // The group changes and is the same again: what was told for it first comes last.
  const older = said(view(), 'sync');
  back(report);
  const newer = said(view(), 'sync');
  const seen = (): unknown => state().status.nodes['alpha']?.instances['drbd-main']?.observation;
  const early = said(back(older), 'agree');
  const late = said(back(newer), 'agree');
  back(early);
  expect(state().view.complete, 'a view of the same members is another one').toBe(false);
  back(late);
  expect(state().view.complete).toBe(true);
  expect(seen()).toEqual({ state: 'running' });
});

test('what a part of the node notices while the nodes tell each other their states is not forgotten for these', () => {
  const { hear, told, view, agree, state } = alone();
  told({ kind: 'up', self: 1 });
  const before = said(view(), 'sync');
  hear({ kind: 'notice', key: 'disk', failure: failure('store_failed', 'full') });
  agree(before);
  expect(state().view.complete).toBe(true);
  expect(state().status.nodes['alpha']?.notices?.['disk']?.failure.message).toBe('full');
  // Others have heard of it by now, and hear that it is over.
  expect(said(hear({ kind: 'notice', key: 'disk', failure: undefined }), 'notice')).not.toBe('');
});

test('a node that came and went is lost, whatever was known before it came', () => {
  const { told, view, back, agree, state } = alone(['beta']);
  const ring = (sequence: number, nodes: readonly number[]): void => {
    told({ kind: 'ring', ring: { sequence }, nodes });
    told({ kind: 'quorum', ring: { sequence }, quorate: true, nodes });
  };
  const beta = (): unknown => state().status.nodes['beta']?.state;
  const members = [
    { node: 1, process: 101 },
    { node: 2, process: 102 },
  ];
  told({ kind: 'up', self: 1 });
  ring(4, [1]);
  agree(said(view(), 'sync'));
  expect(beta()).toBe('offline');
  const older = said(view(), 'sync');
  ring(8, [1, 2]);
  told({ kind: 'view', members, left: [] });
  const left = [{ node: 2, reason: 'nodedown' as const }];
  const gone = told({ kind: 'view', members: members.slice(0, 1), left });
  ring(12, [1]);
  const early = said(back(older), 'agree');
  const late = said(back(said(gone, 'sync')), 'agree');
  back(early);
  expect(state().view.complete, 'a view of the same members is another one').toBe(false);
  back(late);
  expect(state().view.complete).toBe(true);
  expect(beta()).toBe('lost');
});

test('what the other engine told for an earlier view of the same members is not its word for this one', () => {
  const both = [alone([], 'alpha'), alone([], 'beta')] as const;
  const [alpha, beta] = both;
  const deliver = (from: number, payload: string): readonly string[] =>
    both.map((engine) => said(engine.back(payload, from), 'agree'));
  for (const [index, engine] of both.entries()) engine.told({ kind: 'up', self: index + 1 });
  const older = said(alpha.view([1, 2]), 'sync');
  beta.view([1, 2]);
  for (const engine of both) engine.view();
  const newer = said(alpha.view([1, 2]), 'sync');
  const ofBeta = said(beta.view([1, 2]), 'sync');
  deliver(1, older);
  const [alphaEarly = '', betaEarly = ''] = deliver(2, ofBeta);
  expect(alphaEarly, 'both have heard as many states as there are members').not.toBe('');
  deliver(2, betaEarly);
  const [alphaLate = '', betaLate = ''] = deliver(1, newer);
  deliver(1, alphaEarly);
  deliver(2, betaLate);
  expect(both.map(({ state }) => state().view.complete)).toEqual([false, false]);
  deliver(1, alphaLate);
  expect(both.map(({ state }) => state().view.complete)).toEqual([true, true]);
  const count = Number(/"count":(\d+)/.exec(newer)?.[1]);
  expect(both.map(({ state }) => state().view.told['alpha']?.count)).toEqual([count, count]);
});

test('who goes on alone does not count its views like the one that it left behind', () => {
  const both = [alone([], 'alpha'), alone([], 'beta')] as const;
  const [alpha, beta] = both;
  for (const [index, engine] of both.entries()) engine.told({ kind: 'up', self: index + 1 });
  const syncs = both.map((engine) => said(engine.view([1, 2]), 'sync'));
  const agreed = both.map((engine) =>
    said(
      syncs.flatMap((sync, index) => engine.back(sync, index + 1)),
      'agree',
    ),
  );
  expect(alpha.state().view.generation, 'what it says before it sees that is of the view before').toBe(5);
  // Only beta hears that both agree, and goes on.
  for (const [index, payload] of agreed.entries()) beta.back(payload, index + 1);
  expect(beta.state().view.complete).toBe(true);
  alpha.agree(said(alpha.view(), 'sync'));
  expect(alpha.state().view.complete).toBe(true);
  expect(alpha.state().view.generation).toBeGreaterThan(beta.state().view.generation);
});

test('what was appended before a configuration was replaced is no part of it, were it the same revision', () => {
  const { told, view, agree, state } = alone();
  told({ kind: 'up', self: 1 });
  agree(said(view(), 'sync'));
  const effects: Effect[] = [];
  const draft = { state: state(), effects, owned: new WeakSet<object>(), now: milliseconds(3000), digest };
  const { current } = draft.state.config;
  onConfig(draft, 'of the peer', { ...current, revision: 33 }, []);
  const replacement = effects.flatMap((effect) => (effect.kind === 'replace' ? effect.replacement : []))[0];
  const flushed = { kind: 'stored', revision: 33, hash: 'of the peer', failure: undefined } as const;
  onStored(draft, flushed);
  expect(draft.state.config.stored.revision, 'its disk went on from there before').toBe(0);
  onStored(draft, { ...flushed, replacement });
  expect(draft.state.config.stored).toEqual({ revision: 33, hash: 'of the peer' });
});

test('the last words of a node count as those have heard them that heard them first', () => {
  const { told, view, agree, state } = alone();
  told({ kind: 'up', self: 1 });
  const payload = said(view(), 'sync');
  agree(payload);
  const { message } = JSON.parse(payload.slice(payload.indexOf('{'))) as { readonly message: Sync };
  const target = (seen: 'stopped' | 'running'): Sync['nodes'] => {
    const beta = state().status.nodes['beta'];
    if (beta === undefined) throw new Error('it is a node');
    const instances = { 'target-main': { observation: { state: seen }, failures: undefined } };
    return { ...message.nodes, beta: { ...beta, state: 'online', instances } };
  };
  const heard = (count: number): Sync['heard'] => ({ beta: { incarnation: 'of beta', count } });
  const shared = { ...message, synchronised: true };
  const alpha: Sync = { ...shared, node: 'alpha', nodes: target('running'), heard: heard(15) };
  const beta: Sync = { ...shared, node: 'beta', nodes: target('stopped'), heard: heard(14) };
  const before = state();
  const draft = {
    state: {
      ...before,
      view: { ...before.view, told: { beta: { from: 2, incarnation: 'of beta', count: 16 } } },
    },
    effects: [],
    owned: new WeakSet<object>(),
    now: milliseconds(3000),
    digest,
  };
  const seen = (own: Sync): unknown =>
    mergedStatus(draft, [alpha, own], alpha).nodes['beta']?.instances['target-main']?.observation;
  expect(seen(beta)).toEqual({ state: 'running' });
  expect(seen({ ...beta, heard: heard(15) }), 'it has heard as much, and knows best').toEqual({
    state: 'stopped',
  });
});
