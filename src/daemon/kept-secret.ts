import { readFile, rm } from 'node:fs/promises';
import { success, type Milliseconds, type Result } from '../model/index.ts';
import { writeOwned } from '../platform/formation/owned-file.ts';
import type { Clock, Random } from '../ports/index.ts';

/** A secret opens all that a member knows, so it does not stay valid for longer than a set-up takes. */
const VALID: Milliseconds = (24 * 3600 * 1000) as Milliseconds;
const BYTES = 16;

export interface KeptSecretOptions {
  readonly file: string;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Kept {
  /** 32 hex digits. */
  readonly secret: string;
  readonly validUntil: Milliseconds;
}

/**
 * A secret in a file that only root reads: made when it is asked for, good for 24 hours and for its scope ('' for all),
 * then replaced by another.
 */
export function createKeptSecret({ file, random, clock }: KeptSecretOptions) {
  /** Undefined where there is none or it is too old; a time in the future was written by a clock that was wrong. */
  async function valid(scope = ''): Promise<Kept | undefined> {
    const text = await readFile(file, 'utf8').catch(() => '');
    const [, secret, madeAt, kept = ''] = /^([0-9a-f]{32}) ([0-9]{1,16})(?: ([\w.-]+))?\n$/.exec(text) ?? [];
    if (secret === undefined || kept !== scope) return undefined;
    const age = clock.now() - Number(madeAt);
    return age >= 0 && age < VALID ? { secret, validUntil: keptUntil(Number(madeAt)) } : undefined;
  }

  return {
    valid,

    /** The valid one, or a new one. */
    async make(scope = ''): Promise<Result<Kept>> {
      const present = await valid(scope);
      if (present !== undefined) return success(present);
      const [secret, madeAt] = [random.hex(BYTES), clock.now()];
      const written = await writeOwned(
        file,
        [secret, madeAt, ...(scope === '' ? [] : [scope])].join(' ') + '\n',
        0o600,
      );
      return written.ok ? success({ secret, validUntil: keptUntil(madeAt) }) : written;
    },

    /** It has done its work. */
    async end(): Promise<void> {
      await rm(file, { force: true });
    },
  };
}

const keptUntil = (madeAt: number): Milliseconds => (madeAt + VALID) as Milliseconds;
