import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type Result,
  type WitnessCredentials,
} from '../model/index.ts';

/** All that a node needs to become a member; carried over a connection whose certificate was checked. Secret. */
export interface Bundle {
  readonly format: 1;
  readonly config: ClusterConfig;
  readonly authkey: string;
  readonly token: string;
  /** Where the witness of the cluster wants certificates. */
  readonly witness?: WitnessCredentials;
}

export const encodeBundle = (bundle: Bundle): string => JSON.stringify(bundle);

export function decodeBundle(text: string): Result<Bundle> {
  try {
    const bundle = JSON.parse(text) as Partial<Bundle>;
    if (
      bundle.format === 1 &&
      bundle.config?.format === 1 &&
      bundle.authkey !== undefined &&
      bundle.token !== undefined
    )
      return success(bundle as Bundle);
  } catch {
    // Not JSON: told below.
  }
  return failed(
    failure('host_setup_failed', 'the first node sent something that this version does not understand'),
  );
}
