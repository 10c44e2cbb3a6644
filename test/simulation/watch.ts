import { setTimeout as wait } from 'node:timers/promises';
import type { One } from './arguments.ts';
import { frame } from './frame.ts';
import { optionsOf } from './one.ts';
import { simulate, type Outcome } from './simulate.ts';
import { snapshot, type Snapshot } from './snapshot.ts';
import { written, type Line } from './story.ts';
import { plainWords } from './tale.ts';

/** Simulated milliseconds between two pictures. */
const EVERY = 500;
/** Lines of the story under each picture. */
const TOLD = 8;
const HOME_AND_CLEAR = '\u001b[H\u001b[J';

interface Picture {
  readonly now: Snapshot;
  /** How many lines had been told by then. */
  readonly lines: number;
}

/** Simulates one seed, and then shows it: moving in a terminal; without one, a picture for each change, at once. */
export async function watched(wish: One): Promise<Outcome> {
  const pictures: Picture[] = [];
  let lines: readonly Line[] = [];
  let next = 0;
  const outcome = simulate(wish.seed, {
    ...optionsOf(wish),
    watch: (world) => {
      ({ lines } = world.story);
      if (world.age < next) return;
      next = world.age + EVERY;
      pictures.push({ now: snapshot(world), lines: lines.length });
    },
  });
  await show(pictures, lines, wish.speed);
  return outcome;
}

async function show(pictures: readonly Picture[], lines: readonly Line[], speed: number): Promise<void> {
  const { isTTY } = process.stdout;
  const writes: number[] = [];
  let told: readonly Line[] = [];
  let before: Picture | undefined;
  let last = '';
  for (const picture of pictures) {
    const { now } = picture;
    writes.push(now.writes - (before?.now.writes ?? 0));
    told = [...told, ...plainWords(lines.slice(before?.lines ?? 0, picture.lines))].slice(-TOLD);
    before = picture;
    const text = frame(now, writes, told.map(written));
    if (isTTY) {
      process.stdout.write(`${HOME_AND_CLEAR}${text}\n`);
      await wait(EVERY / speed);
      continue;
    }
    const changed = JSON.stringify([now.machines, now.networks, told]);
    if (changed !== last) process.stdout.write(`${text}\n\n`);
    last = changed;
  }
}
