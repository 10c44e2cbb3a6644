import type { Milliseconds, WitnessIntent } from '../../model/index.ts';
import { linksOf, type LinkedNode } from './links.ts';
import { witnessDevice } from './witness.ts';

export interface CorosyncCluster {
  readonly clusterName: string;
  readonly nodes: readonly (LinkedNode & { readonly name: string; readonly id: number })[];
  readonly token: Milliseconds;
  readonly witness?: WitnessIntent | undefined;
}

/** corosync.conf(5): for two nodes, a consensus above the join timeout (50 ms) and below the token is safe. */
const SHORTEST_CONSENSUS = 200;

/**
 * With two nodes the survivor has nobody to agree with, so waiting 1.2 tokens for a consensus is time lost in every
 * failover: 1.1 s instead of 2.1 s were measured with token 1000 and consensus 200. From three nodes on the
 * manual asks for a consensus above the token.
 */
function consensus(nodes: number, token: number): number {
  return nodes > 2 ? Math.ceil(token * 1.2) : Math.max(SHORTEST_CONSENSUS, Math.round(token / 5));
}

/**
 * By default knet takes as long to see that a link is gone as Corosync takes to give up the token, so that the loss of
 * one link of two is the loss of the node. With these the token goes on by the other link: seen gone after 0.3 to
 * 0.6 s, or up to 1.1 s where it has been up for less than ten seconds, because knet is more patient then. Half of
 * these times lose good links on a busy machine. With one link there is no other one to go on by, and knet's own times
 * are better.
 */
function linkTimers(links: number): string {
  if (links < 2) return '';
  return Array.from(
    { length: links },
    (_, link) => `  interface {
    linknumber: ${link}
    knet_ping_interval: 100
    knet_ping_timeout: 300
    knet_pong_count: 2
  }
`,
  ).join('');
}

/**
 * `wait_for_all`: after a start, quorum waits for the other node once, so that a node that boots alone beside a broken
 * link fences nobody. With a witness it is the witness that prevents this, and with both, two nodes would not get
 * quorum without the witness after a start: votequorum waits for its vote too. `two_node` and a witness exclude each
 * other.
 *
 * `two_node` brings `wait_for_all` by itself (votequorum(5)), and so it is not named beside it: what is named stays in a
 * Corosync that runs when it takes the rules with a witness, and a node that has lost quorum once would then have it
 * again with all three votes only (seen with 3.1.7).
 */
function quorumRules(nodes: number, witness: WitnessIntent | undefined): string {
  if (witness !== undefined) return witnessDevice(witness);
  return nodes === 2 ? '  two_node: 1\n' : '  wait_for_all: 1\n';
}

/** The section of corosync.conf by which votes are counted. */
export const quorumSection = (nodes: number, witness: WitnessIntent | undefined): string => `quorum {
  provider: corosync_votequorum
${quorumRules(nodes, witness)}}`;

/** The text of corosync.conf. No token_coefficient: the token is what the cluster file says. */
export function corosyncConfiguration({ clusterName, nodes, token, witness }: CorosyncCluster): string {
  const linked = linksOf(nodes);
  const members = linked.map(
    ({ node: { name, id }, addresses }) =>
      `  node {\n    name: ${name}\n    nodeid: ${id}\n${addresses
        .map((address, link) => `    ring${link}_addr: ${address}\n`)
        .join('')}  }\n`,
  );
  return `# Written by Keelson; changes are overwritten.
totem {
  version: 2
  cluster_name: ${clusterName}
  transport: knet
  crypto_cipher: aes256
  crypto_hash: sha256
  token: ${token}
  token_coefficient: 0
  consensus: ${consensus(nodes.length, token)}
${linkTimers(linked[0]?.addresses.length ?? 1)}}

nodelist {
${members.join('')}}

${quorumSection(nodes.length, witness)}

logging {
  to_stderr: no
  to_logfile: no
  to_syslog: yes
  timestamp: off
}
`;
}
