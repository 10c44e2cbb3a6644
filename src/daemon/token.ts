import type { ClusterConfig, ClusterFile, NodeName } from '../model/index.ts';
import { linksOf } from '../platform/formation/links.ts';
import { measure as measureReally, type MeasureOptions } from '../platform/formation/measure.ts';
import { chooseToken, type Measured, type TokenChoice } from '../platform/formation/token-choice.ts';
import type { Log } from '../ports/index.ts';

export interface TokenOptions {
  readonly log: Log;
  readonly measure?: ((options: MeasureOptions) => Promise<Measured>) | undefined;
}

/** Corosync's token, from what is measured on the nodes as they become members. Takes a few seconds. */
export function createTokenChoice({ log, measure = measureReally }: TokenOptions) {
  /** What this node and its network need; undefined where the cluster has no such node. */
  async function needOf(node: NodeName, config: ClusterConfig): Promise<TokenChoice | undefined> {
    const nodes = Object.values(config.nodes);
    const own = config.nodes[node];
    if (own === undefined) return undefined;
    const to = nodes.filter(({ name }) => name !== node).map(({ cluster }) => cluster);
    const measured = await measure({ from: own.cluster, to });
    return chooseToken(linksOf(nodes)[0]?.addresses.length ?? 1, measured);
  }

  return {
    /** For the first node. What a person has set always counts, and nothing is measured then. */
    async choose(file: ClusterFile, node: NodeName, config: ClusterConfig): Promise<TokenChoice> {
      const given = file.properties?.token;
      const need = given === undefined ? await needOf(node, config) : undefined;
      const choice = need ?? { token: config.properties.token, reason: 'as the cluster file says' };
      log.info('corosync', `the token is ${choice.token} ms: ${choice.reason}`);
      return choice;
    },

    /** For a node that joins: the token is the cluster's already, and a node that needs a longer one says so. */
    async compare(node: NodeName, config: ClusterConfig): Promise<void> {
      const { token } = config.properties;
      const need = await needOf(node, config);
      if (need === undefined) return;
      if (need.token <= token) {
        log.info('corosync', `the token of ${token} ms fits this node: ${need.reason}`);
        return;
      }
      log.warn(
        'corosync',
        `the cluster's token is ${token} ms; as measured on this node it should be ${need.token} ms: ${need.reason}. A short hiccup may get this node fenced`,
      );
    },
  };
}
