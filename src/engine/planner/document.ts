import type { ClusterDocument } from '../../model/index.ts';
import { configurationOf } from './document-definition.ts';
import { historyOf } from './document-status.ts';
import type { Facts } from './facts.ts';

/** Blueprint and status as Pacemaker would have them written down: what the scheduler decides on. */
export function documentOf(facts: Facts): ClusterDocument {
  const { config, status } = facts.input;
  const names = [...new Set([...Object.keys(config.nodes), ...Object.keys(status.nodes)])].sort();
  return {
    fields: {
      crm_feature_set: '3.16.1',
      'have-quorum': facts.quorate ? '1' : '0',
      ...(facts.usable[0] === undefined ? {} : { 'dc-uuid': facts.usable[0] }),
    },
    configuration: configurationOf(facts, names),
    nodes: names.map((name) => historyOf(facts, name)),
    tickets: [],
  };
}
