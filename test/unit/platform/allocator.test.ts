import { execa } from 'execa';
import { expect, it } from 'vitest';

/** Holds 200 MiB in small pieces, frees all but each 64th, so that no arena ends with what is free. */
const HOLES = `
const { trimAllocator } = await import(process.argv[1]);
const pieces = Array.from({ length: 12_800 }, () => Buffer.allocUnsafeSlow(16 * 1024).fill(1));
globalThis.kept = pieces.filter((_, index) => index % 64 === 0);
pieces.length = 0;
gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
const before = process.memoryUsage.rss();
trimAllocator();
console.log(before - process.memoryUsage.rss());
`;

it('what was freed between what is held goes back to the kernel', async () => {
  const allocator = new URL('../../../src/platform/allocator.ts', import.meta.url).href;
  const { stdout } = await execa(process.execPath, [
    '--expose-gc',
    '--input-type=module',
    '--eval',
    HOLES,
    allocator,
  ]);
  expect(Number(stdout)).toBeGreaterThan(100 * 1024 * 1024);
});
