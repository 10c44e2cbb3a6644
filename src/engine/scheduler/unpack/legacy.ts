import type { ClusterDocument, Configuration, Pair, PairSet } from '../../../model/index.ts';

/** Names that cluster properties had in schemas before 3.0. */
const RENAMED: Readonly<Record<string, string>> = {
  cluster_recheck_interval: 'cluster-recheck-interval',
  dc_deadtime: 'dc-deadtime',
  election_timeout: 'election-timeout',
  no_quorum_policy: 'no-quorum-policy',
  remove_after_stop: 'remove-after-stop',
  shutdown_escalation: 'shutdown-escalation',
  startup_fencing: 'startup-fencing',
  stonith_action: 'stonith-action',
  stonith_enabled: 'stonith-enabled',
  stop_orphan_actions: 'stop-orphan-actions',
  stop_orphan_resources: 'stop-orphan-resources',
  symmetric_cluster: 'symmetric-cluster',
  transition_idle_timeout: 'cluster-delay',
};

/** Cluster properties that became defaults for resources. */
const RESOURCE_DEFAULTS: Readonly<Record<string, string>> = {
  'default-resource-stickiness': 'resource-stickiness',
  default_resource_stickiness: 'resource-stickiness',
  'is-managed-default': 'is-managed',
  is_managed_default: 'is-managed',
};

/** Cluster properties that became defaults for operations. */
const OPERATION_DEFAULTS: Readonly<Record<string, string>> = {
  'default-action-timeout': 'timeout',
  default_action_timeout: 'timeout',
};

function renamed(pair: Pair, names: Readonly<Record<string, string>>): Pair | undefined {
  const name = pair.name === undefined ? undefined : names[pair.name];
  return name === undefined ? undefined : { ...pair, name };
}

/** The sets with only those pairs that have an older name, under their present one. */
function moved(sets: readonly PairSet[], names: Readonly<Record<string, string>>): readonly PairSet[] {
  return sets.flatMap((set) => {
    const pairs = set.pairs.flatMap((pair) => renamed(pair, names) ?? []);
    return pairs.length === 0 ? [] : [{ ...set, pairs }];
  });
}

/** Whether a document was written for a schema before 3.0, whose names had changed since. */
function isOld({ fields }: ClusterDocument): boolean {
  return /^(pacemaker-[012]\b|transitional-0\.6)/.test(fields['validate-with'] ?? '');
}

/** The definition with older names of cluster properties replaced, as its schema's upgrade does. */
export function upgrade(document: ClusterDocument): Configuration {
  const { configuration } = document;
  if (!isOld(document)) return configuration;
  const { properties, resourceDefaults, operationDefaults } = configuration;
  return {
    ...configuration,
    properties: properties.map((set) => ({
      ...set,
      pairs: set.pairs.map((pair) => renamed(pair, RENAMED) ?? pair),
    })),
    resourceDefaults: [...moved(properties, RESOURCE_DEFAULTS), ...resourceDefaults],
    operationDefaults: [...moved(properties, OPERATION_DEFAULTS), ...operationDefaults],
  };
}
