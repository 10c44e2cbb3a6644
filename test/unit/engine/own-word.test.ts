import { expect, test } from 'vitest';
import {
  initialConfig,
  initialState,
  step,
  type Effect,
  type Input,
  type TransportInput,
} from '../../../src/engine/index.ts';
import { mergedStatus } from '../../../src/engine/controller/merged-status.ts';
import type { Sync } from '../../../src/engine/controller/messages.ts';
import { milliseconds, success } from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';
import { digest } from '../../simulation/digest.ts';

/** One engine that may act alone, whose Corosync is slow to give back what it says. */
function alone(off: readonly string[] = []) {
  let state = initialState({
    self: 'alpha',
    incarnation: 'life',
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
  const view = (): readonly Effect[] => told({ kind: 'view', members: [{ node: 1, process: 7 }], left: [] });
  const back = (payload: string): readonly Effect[] => told({ kind: 'message', node: 1, payload });
  return { hear, told, view, back, state: () => state };
}

/** What was said, of one kind. */
const said = (effects: readonly Effect[], kind: string): string =>
  effects.flatMap((effect) =>
    effect.kind === 'multicast' && effect.payload.includes(`"message":{"kind":"${kind}"`)
      ? [effect.payload]
      : [],
  )[0] ?? '';

test('what an engine told of itself is not forgotten for an older state that comes late', () => {
  const { hear, told, view, back, state } = alone();
  told({ kind: 'up', self: 1 });
  back(said(view(), 'sync'));
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
  back(older);
  expect(state().view.complete, 'a view of the same members is another one').toBe(false);
  back(newer);
  expect(state().view.complete).toBe(true);
  expect(seen()).toEqual({ state: 'running' });
});

test('a node that came and went is lost, whatever was known before it came', () => {
  const { told, view, back, state } = alone(['beta']);
  const ring = (sequence: number, nodes: readonly number[]): void => {
    told({ kind: 'ring', ring: { sequence }, nodes });
    told({ kind: 'quorum', ring: { sequence }, quorate: true, nodes });
  };
  const beta = (): unknown => state().status.nodes['beta']?.state;
  const members = [
    { node: 1, process: 7 },
    { node: 2, process: 9 },
  ];
  told({ kind: 'up', self: 1 });
  ring(4, [1]);
  back(said(view(), 'sync'));
  expect(beta()).toBe('offline');
  const older = said(view(), 'sync');
  ring(8, [1, 2]);
  told({ kind: 'view', members, left: [] });
  const left = [{ node: 2, reason: 'nodedown' as const }];
  const gone = told({ kind: 'view', members: members.slice(0, 1), left });
  ring(12, [1]);
  back(older);
  back(said(gone, 'sync'));
  expect(state().view.complete).toBe(true);
  expect(beta()).toBe('lost');
});

test('the last words of a node count as those have heard them that heard them first', () => {
  const { told, view, back, state } = alone();
  told({ kind: 'up', self: 1 });
  const payload = said(view(), 'sync');
  back(payload);
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
