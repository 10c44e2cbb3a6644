import type { Result } from '../model/result.ts';
import { freshlyStarted, simulate, type Simulation, type SimulationRequest } from '../simulate/index.ts';
import type { NamedDocument } from './cluster-document.ts';
import { CliFailure } from './failures.ts';
import { momentOf, utcOffsetAt } from './moment.ts';

/** Has the scheduler decide on a cluster that was read, at the time asked for. */
export function decide(
  { document, format }: NamedDocument,
  at: string | undefined,
  wanted: Partial<Pick<SimulationRequest, 'events' | 'failures' | 'run' | 'withScores'>>,
): Simulation {
  const now = momentOf(at, document.fields['execution-date']);
  return take(
    simulate({
      document: format === 'crm' ? freshlyStarted(document) : document,
      now,
      utcOffset: utcOffsetAt(now),
      events: wanted.events ?? [],
      failures: wanted.failures ?? [],
      run: wanted.run ?? false,
      withScores: wanted.withScores ?? false,
    }),
  );
}

/** The value, or the end of the command. */
export function take<T>(result: Result<T>): T {
  if (!result.ok) throw new CliFailure(result.failure.code, result.failure.message);
  return result.value;
}
