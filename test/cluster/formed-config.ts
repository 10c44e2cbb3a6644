import type { Milliseconds, WitnessIntent } from '../../src/model/index.ts';
import { corosyncConfiguration } from '../../src/platform/formation/corosync-configuration.ts';
import { addressOf } from './corosync-config.ts';

export interface FormedChoice {
  readonly count: number;
  readonly links: number;
  readonly token: Milliseconds;
  readonly witness?: WitnessIntent;
}

/** The product's own corosync.conf for nodes of `nodes.ts`, but with its log in a file, since no syslog runs there. */
export function formedConfig({ count, links, token, witness }: FormedChoice): string {
  const nodes = Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    const [cluster = '', replication, ...further] = Array.from({ length: links }, (__, link) =>
      addressOf(link, id),
    );
    return {
      name: `node${id}`,
      id,
      cluster,
      ...(replication === undefined ? {} : { replication }),
      links: further,
    };
  });
  return corosyncConfiguration({ clusterName: 'keelson-test', nodes, token, witness })
    .replace('to_logfile: no', 'to_logfile: yes\n  logfile: /var/log/corosync/corosync.log')
    .replace('to_syslog: yes', 'to_syslog: no')
    .replace('timestamp: off', 'timestamp: hires');
}
