import { failed, failure, success, type OperationView, type Result } from '../../model/index.ts';
import type { Call, Context, Parameter } from '../endpoint.ts';

export const waitParameters: readonly Parameter[] = [
  {
    name: 'wait',
    in: 'query',
    description: 'Seconds to wait for the end of the operation (at most 120; longer is cut).',
    schema: { type: 'integer', minimum: 0 },
  },
  {
    name: 'Prefer',
    in: 'header',
    description: '`wait=SECONDS`, as RFC 7240 has it; the parameter `wait` goes before.',
    schema: { type: 'string' },
  },
];

/** Milliseconds to wait, bounded; 0 where nothing was said. A header that says something else is no error (RFC 7240). */
export function waitOf(context: Context, call: Call): Result<number> {
  const { wait } = call.query;
  const preferred = /(?:^|[,;\s])wait=(\d{1,9})(?:$|[,;\s])/i.exec(String(call.headers['prefer'] ?? ''))?.[1];
  if (wait === undefined) return success(bounded(context, preferred ?? '0'));
  if (typeof wait !== 'string' || !/^\d{1,9}$/.test(wait))
    return failed(failure('body_invalid', 'wait: must be a whole number of seconds'));
  return success(bounded(context, wait));
}

const bounded = (context: Context, seconds: string): number =>
  Math.min(Number(seconds) * 1000, context.limits.wait);

/** The operation when it has ended or the time is up. */
export async function waitFor(
  context: Context,
  call: Call,
  operation: OperationView,
  wait: number,
): Promise<Result<OperationView>> {
  if (operation.state !== 'running' || wait === 0) return success(operation);
  if (context.operations.waiters >= context.limits.waiters)
    return failed(failure('busy', `${context.operations.waiters} requests wait for operations already`));
  return context.operations.untilEnd(operation, wait, call.gone);
}
