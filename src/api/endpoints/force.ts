import { failed, failure, success, type Result } from '../../model/index.ts';
import type { Call, Parameter } from '../endpoint.ts';

export const forceParameter: Parameter = {
  name: 'force',
  in: 'query',
  description: '`true`: also while a host is logged in that loses its disk by it, or nobody can tell.',
  schema: { type: 'boolean' },
};

/** Of the address: `?name=true`, or `?name` alone. */
export function flagOf({ query }: Call, name: string): Result<boolean> {
  const value = query[name];
  if (value === undefined || value === 'false') return success(false);
  if (value === 'true' || value === '') return success(true);
  return failed(failure('body_invalid', `${name}: must be true or false`));
}

export function forceOf(call: Call): Result<{ readonly force?: true }> {
  const flag = flagOf(call, 'force');
  if (!flag.ok) return flag;
  return success(flag.value ? { force: true } : {});
}
