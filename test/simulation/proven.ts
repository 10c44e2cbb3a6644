import { milliseconds, type ClusterConfig } from '../../src/model/index.ts';

/** The cluster as it goes live: every fence device has put its node out once. */
export function withProvenFencing(config: ClusterConfig): ClusterConfig {
  const proof = { testedAt: milliseconds(0), took: milliseconds(1000) };
  const proofs = Object.fromEntries(Object.keys(config.fenceDevices).map((name) => [name, proof]));
  return { ...config, fencing: { tests: {}, proofs, waivers: {}, history: [] } };
}
