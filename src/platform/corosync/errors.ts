/** `cs_error_t` of corotypes.h, as far as we act on them. */
export const OK = 1;
export const TRY_AGAIN = 6;

const names: Readonly<Record<number, string>> = {
  2: 'library',
  3: 'version',
  4: 'initialisation',
  5: 'timeout',
  6: 'try again',
  7: 'invalid parameter',
  8: 'no memory',
  9: 'bad handle',
  10: 'busy',
  11: 'no access',
  12: 'does not exist',
  14: 'exists',
  15: 'no space',
  18: 'no resources',
  20: 'bad operation',
  21: 'failed operation',
  26: 'too big',
  100: 'security',
};

/** `cpg_join: does not exist (12)`: for logs and the reason of a `down` event. */
export const describeError = (call: string, code: number): string =>
  `${call}: ${names[code] ?? 'error'} (${code})`;
