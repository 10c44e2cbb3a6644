import { success, type Result } from '../../model/index.ts';
import { check } from '../check.ts';
import type { revisionSchema } from '../schemas/index.ts';

/** A whole number out of an address, as `schema` wants it. */
export function numberOf(schema: typeof revisionSchema, value: unknown, name: string): Result<number> {
  const digits = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return check(schema, digits, [name]);
}

export const optionalNumberOf = (
  schema: typeof revisionSchema,
  value: unknown,
  name: string,
): Result<number | undefined> => (value === undefined ? success(undefined) : numberOf(schema, value, name));
