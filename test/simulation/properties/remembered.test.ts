import { expect, test } from 'vitest';
import { PROTOCOL } from '../../../src/engine/controller/messages.ts';
import { serving } from '../serving.ts';
import { OwnWord } from './own-word.ts';

test('memory: what a node told of itself, and is not known any more, is found', () => {
  const { engine } = serving().machines[0];
  if (engine === undefined) throw new Error('no engine runs');
  const told = (state: string): string =>
    `keelson/${PROTOCOL} 0 ${JSON.stringify({ message: { kind: 'report', resource: 'drbd-main', observation: { state } } })}`;
  const known = engine.state.status.nodes['alpha']?.instances['drbd-main']?.observation;
  if (known === undefined || known === 'unknown') throw new Error('the mirror was not looked at');
  const word = new OwnWord();
  word.hear(told(known.state));
  word.check(engine.state);
  const { view } = engine.state;
  const later = { ...engine.state, view: { ...view, generation: view.generation + 1 } };
  word.hear(told('failed'));
  // Within a view it may be about to be told otherwise.
  word.check(engine.state);
  expect(() => word.check(later)).toThrow('memory');
  const forgetful = new OwnWord();
  forgetful.hear(told('failed'));
  forgetful.forget();
  forgetful.check(later);
});

test('S7: a deletion that is undone on a disk is found', () => {
  const world = serving();
  const [machine] = world.machines;
  world.operator.create(machine, 'more', 1);
  expect(world.runUntil(60_000, () => machine.store.config.luns['more']?.state === 'ready')).toBe(true);
  const before = machine.store.config;
  world.operator.delete(machine, 'more');
  expect(world.runUntil(60_000, () => machine.store.config.luns['more'] === undefined)).toBe(true);
  expect(() => machine.store.changed(machine.store.config, before)).toThrow('S7');
});
