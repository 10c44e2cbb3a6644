import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatSize, parseSize, version } from '../../../src/api/schemas/index.ts';

it.each([
  [1, 1],
  ['512', 512],
  ['512B', 512],
  ['10G', 10 * 2 ** 30],
  ['10g', 10 * 2 ** 30],
  ['10 GiB', 10 * 2 ** 30],
  ['10GB', 10_000_000_000],
  ['512MiB', 512 * 2 ** 20],
  ['1.5T', 1.5 * 2 ** 40],
  ['0.5k', 512],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
])('reads %j as %d bytes', (written, size) => {
  expect(parseSize(written)).toEqual({ ok: true, value: size });
});

it.each([
  [512, '512 B'],
  [10 * 2 ** 30, '10 GiB'],
  [1.5 * 2 ** 40, '1.5 TiB'],
])('shows %d as %s', (size, shown) => {
  expect(formatSize(size)).toBe(shown);
});

it('has the version of the package', () => {
  const { version: packaged } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(version).toBe(packaged);
});
