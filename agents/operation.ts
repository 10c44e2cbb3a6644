import * as z from 'zod';
import { failed, failure, type Observation, type Parameters, type Result } from '../src/model/index.ts';
import type { AgentContext } from '../src/ports/index.ts';
import { withSystemErrors } from './system-error.ts';

/** The parameters as their schema describes them, or `agent_parameters_invalid` naming the fields; never their values. */
export function parseParameters<T>(schema: z.ZodType<T>, parameters: Parameters): Result<T> {
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return failed(failure('agent_parameters_invalid', fields.join('; ')));
}

type Work<T> = (parameters: T, context: AgentContext) => Promise<Result<Observation>>;

/** Makes an agent's operation of work that wants checked parameters and may meet errors of the operating system. */
export function operation<T>(
  schema: z.ZodType<T>,
  work: Work<T>,
): (parameters: Parameters, context: AgentContext) => Promise<Result<Observation>> {
  return async (parameters, context) => {
    const parsed = parseParameters(schema, parameters);
    if (!parsed.ok) return parsed;
    return withSystemErrors(() => work(parsed.value, context));
  };
}
