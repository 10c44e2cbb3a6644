import { readFile } from 'node:fs/promises';
import { failed, failure, success, type Milliseconds, type Result } from '../model/index.ts';
import { encodeJoinSecret, isSameSecret } from '../platform/formation/join-secret.ts';
import { writeOwned } from '../platform/formation/owned-file.ts';
import type { Clock, Random } from '../ports/index.ts';

/** A secret opens all that a member knows, so it does not stay valid for longer than a set-up takes. */
const VALID: Milliseconds = (24 * 3600 * 1000) as Milliseconds;

export interface JoinSecretsOptions {
  readonly file: string;
  readonly random: Random;
  readonly clock: Pick<Clock, 'now'>;
  /** SHA-256 of this node's certificate. */
  readonly fingerprint: string;
}

interface Kept {
  readonly secret: string;
  readonly madeAt: number;
  /** What it is good for; '' for any node of the cluster. */
  readonly scope: string;
}

/** This node's own join secret: made when it is asked for, good for 24 hours, then replaced by another. */
export function createJoinSecrets({ file, random, clock, fingerprint }: JoinSecretsOptions) {
  /** Undefined where there is none or it is too old; a time in the future was written by a clock that was wrong. */
  async function valid(scope: string): Promise<string | undefined> {
    const kept = read(await readFile(file, 'utf8').catch(() => ''));
    if (kept?.scope !== scope) return undefined;
    const age = clock.now() - kept.madeAt;
    return age >= 0 && age < VALID ? kept.secret : undefined;
  }

  return {
    /** As text for people: the valid one, or a new one. */
    async show(scope = ''): Promise<Result<string>> {
      let secret = await valid(scope);
      if (secret === undefined) {
        secret = random.hex(16);
        const written = await writeOwned(
          file,
          `${secret} ${clock.now()}${scope === '' ? '' : ` ${scope}`}\n`,
          0o600,
        );
        if (!written.ok) return written;
      }
      return success(encodeJoinSecret({ fingerprint, secret }));
    },

    async accepts(given: string, scope = ''): Promise<Result<void>> {
      const secret = await valid(scope);
      if (secret === undefined) {
        const how = 'make a new one here with `keelson cluster join-secret`';
        return failed(
          failure(
            'join_secret_wrong',
            `the join secret is older than 24 hours, or of before a machine was replaced; ${how}`,
          ),
        );
      }
      if (isSameSecret(secret, given)) return success(undefined);
      return failed(failure('join_secret_wrong', 'the join secret is another one'));
    },
  };
}

function read(text: string): Kept | undefined {
  const [, secret, madeAt, scope = ''] = /^([0-9a-f]{32}) ([0-9]{1,16})(?: ([\w.-]+))?\n$/.exec(text) ?? [];
  return secret === undefined ? undefined : { secret, madeAt: Number(madeAt), scope };
}
