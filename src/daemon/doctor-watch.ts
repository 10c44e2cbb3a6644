import { failure, type Diagnosis, type Failure, type Milliseconds } from '../model/index.ts';
import type { Clock, HealthSource, Log } from '../ports/index.ts';

export interface DoctorWatchOptions {
  /** Has this node looked at; what is found comes to `found`. */
  readonly look: () => Promise<void>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  /** From the engine's start to the first look, and from one that found something to the next. */
  readonly soon: Milliseconds;
  /** From a look that found nothing to the next. */
  readonly every: Milliseconds;
}

/** What the doctor finds of this node enters the status until a look, whoever asked for it, finds it no more. */
export interface DoctorWatch extends HealthSource {
  found(diagnoses: readonly Diagnosis[]): void;
}

/** What Corosync's health says at once, and takes back at once: a node that was off for a moment is not told for an hour. */
const toldAnyway: readonly string[] = ['network_unreachable'];

export function createDoctorWatch({ look, clock, log, soon, every }: DoctorWatchOptions): DoctorWatch {
  let next: { cancel(): void } | undefined;
  let isAmiss = false;
  let tell: Parameters<HealthSource['start']>[0] | undefined;
  return {
    start(teller) {
      tell = teller;
      const round = async (): Promise<void> => {
        await look().catch((problem: unknown) => log.error('doctor', String(problem)));
        if (tell !== undefined) next = clock.after(isAmiss ? soon : every, () => void round());
      };
      next = clock.after(soon, () => void round());
    },
    found(diagnoses) {
      const amiss = diagnoses.filter(
        ({ code, weight }) => weight !== 'informs' && !toldAnyway.includes(code),
      );
      isAmiss = amiss.length > 0;
      tell?.('doctor', amiss.length === 0 ? undefined : asFailure(amiss));
    },
    close() {
      tell = undefined;
      next?.cancel();
    },
  };
}

const SHOWN = 3;

function asFailure(found: readonly Diagnosis[]): Failure {
  const shown = found.slice(0, SHOWN).map(({ found: words, code }) => `${words} (${code})`);
  const more = found.length - shown.length;
  return failure('doctor_found', `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}
