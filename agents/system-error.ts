import { failed, failure, type Result } from '../src/model/index.ts';

/** An error that the operating system gave to a call of ours: it says which call, and on what. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/**
 * Runs the work of an agent. What the operating system refuses (a busy device, a full disk) is an expected failure,
 * `agent_failed`; every other throw is a bug and goes on upwards.
 */
export async function withSystemErrors<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (isSystemError(error)) return failed(failure('agent_failed', error.message));
    throw error;
  }
}
