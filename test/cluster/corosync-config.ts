import type { Milliseconds } from '../../src/model/index.ts';

export interface CorosyncChoice {
  readonly count: number;
  readonly links: number;
  readonly token: Milliseconds;
}

export const addressOf = (link: number, id: number): string => `10.99.${link}.${id}`;

/** corosync.conf as on a real pair: knet, encrypted, votequorum; `two_node` for two. */
export function corosyncConfig({ count, links, token }: CorosyncChoice): string {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const linkNumbers = Array.from({ length: links }, (_, link) => link);
  const interfaces = linkNumbers.map(
    (link) => `    interface {
        linknumber: ${link}
        knet_ping_interval: 100
        knet_ping_timeout: 300
        knet_pong_count: 2
    }
`,
  );
  const nodes = ids.map(
    (id) => `    node {
        name: node${id}
        nodeid: ${id}
${linkNumbers.map((link) => `        ring${link}_addr: ${addressOf(link, id)}\n`).join('')}    }
`,
  );
  return `totem {
    version: 2
    cluster_name: keelson-test
    transport: knet
    crypto_cipher: aes256
    crypto_hash: sha256
    ip_version: ipv4
    token: ${token}
    token_coefficient: 0
${interfaces.join('')}}
quorum {
    provider: corosync_votequorum
    expected_votes: ${count}
${count === 2 ? '    two_node: 1\n' : ''}}
logging {
    to_stderr: no
    to_syslog: no
    to_logfile: yes
    logfile: /var/log/corosync/corosync.log
    timestamp: hires
}
nodelist {
${nodes.join('')}}
`;
}
