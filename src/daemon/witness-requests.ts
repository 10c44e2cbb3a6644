import { witnessIntent, type WitnessAnswer, type WitnessRequest } from '../engine/index.ts';
import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import type { Runtime } from './runtime.ts';
import type { Witness } from './witness.ts';

export interface WitnessRequestsOptions {
  readonly witness: Witness;
  /** The configuration of the cluster as it is now. */
  readonly current: () => ClusterConfig | undefined;
}

export type WitnessRequests = ReturnType<typeof createWitnessRequests>;

/**
 * A witness for a cluster that is there. All that can be refused is refused first, and changes nothing; then this node
 * gets the certificates, because the secret is good for a while only; then the engine has all nodes go by the new rules.
 * What is interrupted is completed by the next attempt: certificates that are here are not asked for again.
 */
export function createWitnessRequests({ witness, current }: WitnessRequestsOptions) {
  let isBusy = false;

  async function obtain(
    runtime: Pick<Runtime, 'request'>,
    wanted: WitnessRequest['witness'],
    secret: string | undefined,
    gone: AbortSignal,
  ): Promise<Result<unknown>> {
    const clusterName = current()?.clusterName;
    if (clusterName === undefined)
      return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    const config = { clusterName, witness: wanted };
    const checked = await witness.checkFirst(config, secret);
    if (!checked.ok) return checked;
    const reached = await witness.reach(wanted.address);
    if (!reached.ok) return reached;
    const obtained = await witness.obtain(config, secret);
    if (!obtained.ok) return obtained;
    const secrets = await witness.credentials(config);
    if (!secrets.ok) return secrets;
    const request: WitnessRequest = { witness: wanted, secrets: secrets.value };
    return runtime.request('witness.add', request, gone);
  }

  return {
    async add(
      runtime: Pick<Runtime, 'request'>,
      { witness: asked, secret }: RequestOf<'witness.add'>,
      gone: AbortSignal,
    ): Promise<Result<unknown>> {
      const read = witness.readAsked(asked, secret);
      if (!read.ok) return read;
      const wanted = witnessIntent(read.value);
      const dryRun: WitnessRequest = { witness: wanted, dryRun: true };
      const looked = await runtime.request('witness.add', dryRun, gone);
      if (!looked.ok) return looked;
      const { isNew, operation } = looked.value as WitnessAnswer;
      if (isNew !== true) return success<ReplyOf<'witness.add'>>({ operation });
      if (isBusy) return failed(failure('witness_busy', 'another request is adding one on this node'));
      isBusy = true;
      try {
        return await obtain(runtime, wanted, secret, gone);
      } finally {
        isBusy = false;
      }
    },
  };
}
