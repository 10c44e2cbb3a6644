import { afterEach, describe, expect, test } from 'vitest';
import { plantedBugs } from '../../hunt/bugs/index.ts';
import { Control } from '../../hunt/control.ts';
import { misfits } from '../../hunt/engine-files.ts';
import { hunt, type Simulation } from '../../hunt/hunt.ts';
import { plant, type PlantedBug } from '../../hunt/planted-bug.ts';
import { Specimen } from '../../hunt/specimen.ts';
import type { Verdict } from '../../hunt/verdict.ts';

const bug = (...edits: PlantedBug['edits']): PlantedBug => ({
  name: 'some-bug',
  why: 'Nobody would.',
  expected: 'S1',
  edits,
});

const WELL: Verdict = { kind: 'well', faults: 7 };
const BROKEN: Verdict = { kind: 'violation', property: 'S2', message: 'S2: two of them', faults: 3 };

/** Gives these verdicts by seed, and all is well with any other. */
const simulation = (verdicts: Readonly<Record<number, Verdict>>): Simulation => ({
  simulate: (seed) => Promise.resolve(verdicts[seed] ?? WELL),
});

describe('a bug is planted', () => {
  test('by replacing a text that stands there once', () => {
    const planted = bug({ file: 'a.ts', from: 'stop()', to: "start('$&')" });
    expect(plant(planted, 'a.ts', 'await stop();')).toBe("await start('$&');");
    expect(plant(planted, 'b.ts', 'await stop();')).toBe('await stop();');
  });

  test.each([
    ['gone', 'await halt();', 0],
    ['no longer unique', 'stop(); stop();', 2],
  ])('and where the text is %s the hunt fails', (_, source, times) => {
    const planted = bug({ file: 'a.ts', from: 'stop()', to: 'start()' });
    expect(() => plant(planted, 'a.ts', source)).toThrow(
      `the planted bug no longer fits: some-bug replaces a text that stands in src/engine/a.ts ${times} times, not once`,
    );
  });
});

describe('the planted bugs', () => {
  test('fit the engine as it is', () => {
    expect(misfits(plantedBugs)).toEqual([]);
  });

  test('are told apart, say why, and change something', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.filter(({ missed }) => missed === undefined).length).toBeGreaterThanOrEqual(30);
    for (const { why, edits } of plantedBugs) {
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(edits.length).toBeGreaterThan(0);
      for (const { from, to } of edits) expect(to).not.toBe(from);
    }
  });

  test('a text that is not there is named with its bug', () => {
    const planted = bug({ file: 'fencing/fencing.ts', from: 'no such text', to: '' });
    expect(misfits([planted])).toEqual([expect.stringContaining('no longer fits: some-bug')]);
    const inNoFile = bug({ file: 'no/such.ts', from: '', to: '' });
    expect(misfits([inNoFile])).toEqual([expect.stringContaining('some-bug')]);
  });

  test('and where it has gone is told', () => {
    const moved = bug({ file: 'controller/step.ts', from: 'export function misfit', to: '' });
    expect(misfits([moved])).toEqual([expect.not.stringContaining('it stands in')]);
    const elsewhere = bug({ file: 'controller/step.ts', from: 'export function levelsOf(', to: '' });
    expect(misfits([elsewhere])).toEqual([expect.stringContaining('it stands in fencing/')]);
  });
});

describe('a bug counts as found', () => {
  const options = { firstSeed: 10, seeds: 5 };

  test('with the first seed that only fails with it', async () => {
    const finding = await hunt(bug(), simulation({ 12: BROKEN, 13: BROKEN }), simulation({}), options);
    expect(finding).toMatchObject({ kind: 'found', property: 'S2', seed: 12, seeds: 3, faults: 3 });
  });

  test('never by a seed that fails without it too', async () => {
    const withBug = simulation({ 12: BROKEN, 14: BROKEN });
    expect(await hunt(bug(), withBug, simulation({ 12: BROKEN }), options)).toMatchObject({ seed: 14 });
    expect(await hunt(bug(), withBug, withBug, options)).toMatchObject({ kind: 'survived', seeds: 5 });
  });

  test('never because the simulation itself broke', async () => {
    const withBug = simulation({ 11: { kind: 'broken', message: 'no such thing' }, 12: BROKEN });
    expect(await hunt(bug(), withBug, simulation({}), options)).toMatchObject({ kind: 'broken', seed: 11 });
    // Where it breaks without the bug as well, the bug has no part in it.
    const control = simulation({ 11: { kind: 'broken', message: 'no such thing' } });
    expect(await hunt(bug(), withBug, control, options)).toMatchObject({ kind: 'found', seed: 12 });
  });

  test('and not where no seed showed it', async () => {
    expect(await hunt(bug(), simulation({}), simulation({}), options)).toMatchObject({ kind: 'survived' });
  });

  test('and the unmodified engine is asked once for each seed', async () => {
    let asked = 0;
    const control = new Control({
      simulate: () => {
        asked += 1;
        return Promise.resolve(BROKEN);
      },
    });
    await control.simulate(1);
    await control.simulate(1);
    expect(asked).toBe(1);
    expect(await control.failures()).toEqual([1]);
  });
});

describe('in a process of its own', { timeout: 180_000 }, () => {
  const open: Specimen[] = [];
  const specimen = (planted: PlantedBug | undefined): Specimen => {
    const made = new Specimen(planted);
    open.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of open.splice(0)) made.end();
  });
  const election = { file: 'controller/exchange.ts', from: 'controller: senior.node,' };

  test('a bug that changes nothing is not found', async () => {
    const same = bug({ ...election, to: 'controller: senior.node, // as it was' });
    const finding = await hunt(same, specimen(same), specimen(undefined), { firstSeed: 1000, seeds: 2 });
    expect(finding).toMatchObject({ kind: 'survived', seeds: 2 });
  });

  test('two controllers are', async () => {
    const two = bug({ ...election, to: 'controller: state.self,' });
    const finding = await hunt(two, specimen(two), specimen(undefined), { firstSeed: 1000, seeds: 2 });
    expect(finding).toMatchObject({ kind: 'found', property: 'S8', seed: 1000 });
  });

  test('nonsense is not', async () => {
    const nonsense = bug({ ...election, to: 'controller: noSuchName,' });
    const finding = await hunt(nonsense, specimen(nonsense), specimen(undefined), {
      firstSeed: 1000,
      seeds: 1,
    });
    expect(finding).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('noSuchName') as string,
    });
  });

  test('nor is a change in a file that the engine does not load', async () => {
    const elsewhere = bug({ file: 'README.md', from: 'All decisions, pure', to: 'Some' });
    const finding = await hunt(elsewhere, specimen(elsewhere), specimen(undefined), {
      firstSeed: 1000,
      seeds: 1,
    });
    expect(finding).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('does not load') as string,
    });
  });
});
