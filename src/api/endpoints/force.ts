import { failed, failure, success, type Result } from '../../model/index.ts';
import type { Call, Parameter } from '../endpoint.ts';

export const forceParameter: Parameter = {
  name: 'force',
  in: 'query',
  description: '`true`: also while a host is logged in that loses its disk by it, or nobody can tell.',
  schema: { type: 'boolean' },
};

export function forceOf({ query: { force } }: Call): Result<{ readonly force?: true }> {
  if (force === undefined || force === 'false') return success({});
  if (force === 'true' || force === '') return success({ force: true });
  return failed(failure('body_invalid', 'force: must be true or false'));
}
