import { failed, failure, within, type OperationView, type Result } from '../../model/index.ts';
import { json, type Answer, type Call, type Context } from '../endpoint.ts';
import { waitFor } from './wait.ts';

export const base = '/api/v1';

/** What an answer says beside the operation. */
interface Answering {
  /** While it runs. */
  readonly beside?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is answered when it has succeeded; without it, the operation alone. */
  readonly done?: (operation: OperationView) => Promise<Result<Answer>>;
}

/** Waits for an operation for so many ms (see `waitFor`); answers with its address while it runs, or with its end. */
export async function answerOperation(
  context: Context,
  call: Call,
  begun: OperationView,
  wait: number,
  { beside = {}, headers = {}, done }: Answering = {},
): Promise<Result<Answer>> {
  const followed = await waitFor(context, call, begun, wait);
  if (!followed.ok) return followed;
  const operation = followed.value;
  switch (operation.state) {
    case 'running':
      return json({ ...beside, operation }, 202, {
        ...headers,
        location: `${base}/operations/${operation.id}`,
      });
    case 'failed':
      return failed(
        within(
          `Operation ${operation.id}`,
          operation.failure ?? failure('internal', 'it failed without saying why'),
        ),
      );
    case 'succeeded':
      return done === undefined ? json({ operation }) : done(operation);
  }
}
