import type { Failure } from './failure.ts';

/** Expected failure is a value; a bug throws (DESIGN.md section 6.7). */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = <T = never>(failure: Failure): Result<T> => ({ ok: false, failure });
