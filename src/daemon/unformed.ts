import type { StatusView } from '../model/index.ts';

/** What a node says of itself that belongs to no cluster yet. */
export const emptyStatus: StatusView = {
  clusterName: undefined,
  node: undefined,
  synchronised: false,
  quorate: false,
  revision: 0,
  controller: undefined,
  serving: false,
  survivesFailure: false,
  problems: [
    {
      code: 'cluster_missing',
      severity: 'data-not-served',
      message: 'This node belongs to no cluster yet',
      next: 'keelson cluster init --file FILE, or keelson cluster join --address ADDRESS',
    },
  ],
  blocked: [],
  nodes: [],
  pools: [],
  luns: [],
};
