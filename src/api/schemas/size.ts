import { bytes, failed, failure, success, type Bytes, type Result } from '../../model/index.ts';

/** A number alone is bytes. K, M, G, T, P are powers of 1024, as LVM reads them; KB, MB, ... are powers of 1000. */
const units: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1024n,
  m: 1024n ** 2n,
  g: 1024n ** 3n,
  t: 1024n ** 4n,
  p: 1024n ** 5n,
  kib: 1024n,
  mib: 1024n ** 2n,
  gib: 1024n ** 3n,
  tib: 1024n ** 4n,
  pib: 1024n ** 5n,
  kb: 1000n,
  mb: 1000n ** 2n,
  gb: 1000n ** 3n,
  tb: 1000n ** 4n,
  pb: 1000n ** 5n,
};

/** Twenty digits hold every size there is; more is refused before it is computed with. */
const written = /^(\d{1,20})(?:\.(\d{1,20}))?\s?([a-z]{0,3})$/i;

const refuse = (message: string): Result<Bytes> => failed(failure('size_invalid', message));

/**
 * The only place where a size is read. Whole bytes, more than 0, at most 2^53 - 1 (what a JSON number carries
 * exactly). Fails with `size_invalid`.
 */
export function parseSize(size: number | string): Result<Bytes> {
  if (typeof size === 'number') return inRange(size, `the size ${size}`);
  const shown = `the size "${size.slice(0, 40)}"`;
  const match = written.exec(size.trim());
  if (match === null) return refuse(`${shown} is not a number with a unit`);
  const [, whole = '', fraction = '', unit = ''] = match;
  const factor = units[unit.toLowerCase()];
  if (factor === undefined) return refuse(`${shown} has an unknown unit`);
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * factor;
  if (scaled % scale !== 0n) return refuse(`${shown} is not a whole number of bytes`);
  return inRange(Number(scaled / scale), shown);
}

function inRange(size: number, shown: string): Result<Bytes> {
  if (!Number.isFinite(size)) return refuse(`${shown} is not a number`);
  if (size <= 0) return refuse(`${shown} is not more than 0`);
  if (size > Number.MAX_SAFE_INTEGER) return refuse(`${shown} is more than 2^53 - 1 bytes`);
  if (!Number.isInteger(size)) return refuse(`${shown} is not a whole number of bytes`);
  return success(bytes(size));
}

/** For people: `10 GiB`, `1.5 TiB`, `512 B`; at most one decimal. */
export function formatSize(size: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
  let value = size;
  let step = 0;
  while (value >= 1024 && step < steps.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${steps[step] ?? 'B'}`;
}
