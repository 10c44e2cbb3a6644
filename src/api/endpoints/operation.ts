import { failed, failure, within, type OperationView, type Result } from '../../model/index.ts';
import type { Answer } from '../endpoint.ts';

export const base = '/api/v1';

export const operationAt = ({ id }: OperationView): string => `${base}/operations/${id}`;

export const failedOperation = (operation: OperationView): Result<Answer> =>
  failed(
    within(
      `Operation ${operation.id}`,
      operation.failure ?? failure('internal', 'it failed without saying why'),
    ),
  );
