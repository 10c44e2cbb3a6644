import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCib } from '../../../src/formats/cib/index.ts';
import { median, type Measured } from './measure.ts';
import type { Ours } from './ours.ts';
import { shapes, type Shape } from './shapes.ts';
import { callOfTheirs, wholeOfTheirs } from './theirs.ts';

/** Medians of several rounds; seconds, and KiB at most held. */
export interface Side {
  readonly call: number;
  readonly whole: number;
  readonly peak: number;
}

export interface Row {
  readonly shape: Shape;
  readonly size: number;
  readonly ours: Side;
  /** undefined: left out, because it would take too long. */
  readonly theirs: Side | undefined;
}

/** How many calls come before those that are measured, and how many are: the same for both and for all sizes. */
export const WARM_UPS = 3;
const CALLS = 3;

/** Measures both on the same input, one after the other in each round, so that a busy machine is so for both. */
export async function compare(
  folder: string,
  ours: Ours,
  shape: Shape,
  size: number,
  rounds: number,
  withTheirs: boolean,
): Promise<Row> {
  const file = join(folder, `${shape}-${size}.xml`);
  writeFileSync(file, writeCib(shapes[shape](size)));
  const wholes = { ours: [] as Measured[], theirs: [] as Measured[] };
  const calls = { ours: [] as number[], theirs: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      if (withTheirs) wholes.theirs.push(await wholeOfTheirs(file));
      wholes.ours.push(await ours.whole(file));
      if (withTheirs) calls.theirs.push(await callOfTheirs(file, WARM_UPS, CALLS));
      calls.ours.push(await ours.call(file, WARM_UPS, CALLS));
    }
  } finally {
    rmSync(file);
  }
  return {
    shape,
    size,
    ours: side(calls.ours, wholes.ours),
    theirs: withTheirs ? side(calls.theirs, wholes.theirs) : undefined,
  };
}

const side = (calls: readonly number[], wholes: readonly Measured[]): Side => ({
  call: median(calls),
  whole: median(wholes.map(({ seconds }) => seconds)),
  peak: median(wholes.map(({ peak }) => peak)),
});
