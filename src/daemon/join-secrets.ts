import { failed, failure, success, type Result } from '../model/index.ts';
import { encodeJoinSecret, isSameSecret } from '../platform/formation/join-secret.ts';
import { createKeptSecret, type KeptSecretOptions } from './kept-secret.ts';

export interface JoinSecretsOptions extends KeptSecretOptions {
  /** SHA-256 of this node's certificate. */
  readonly fingerprint: string;
}

/** This node's own join secret: made when it is asked for, good for 24 hours, then replaced by another. */
export function createJoinSecrets({ fingerprint, ...options }: JoinSecretsOptions) {
  const kept = createKeptSecret(options);
  return {
    /** As text for people: the valid one, or a new one. `scope`: what it is good for; '' for any node of the cluster. */
    async show(scope = ''): Promise<Result<string>> {
      const made = await kept.make(scope);
      return made.ok ? success(encodeJoinSecret({ fingerprint, secret: made.value.secret })) : made;
    },

    async accepts(given: string, scope = ''): Promise<Result<void>> {
      const valid = await kept.valid(scope);
      if (valid === undefined) {
        const how = 'make a new one here with `keelson cluster join-secret`';
        return failed(
          failure(
            'join_secret_wrong',
            `the join secret is older than 24 hours, or of before a machine was replaced; ${how}`,
          ),
        );
      }
      if (isSameSecret(valid.secret, given)) return success(undefined);
      return failed(failure('join_secret_wrong', 'the join secret is another one'));
    },
  };
}
