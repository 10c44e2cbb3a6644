import type { Shape } from './shapes.ts';

/** What is measured of each shape, in LUNs or stacks; `quick`: as few as say something. */
export const sizes: Readonly<
  Record<Shape, { readonly all: readonly number[]; readonly quick: readonly number[] }>
> = {
  group: { all: [100, 500, 1000, 2000, 5000], quick: [2000, 5000] },
  set: { all: [500, 2000, 5000], quick: [2000, 5000] },
  stacks: { all: [10, 100, 200, 500], quick: [200, 500] },
};

/** The two sizes of each shape that the verdict is about: the first is compared with crm_simulate in any case. */
export const headlines: Readonly<Record<Shape, readonly [common: number, large: number, unit: string]>> = {
  group: [2000, 5000, 'LUNs'],
  set: [2000, 5000, 'LUNs'],
  stacks: [200, 500, 'stacks'],
};
