import type {
  AgentName,
  Blueprint,
  ClusterConfig,
  Colocation,
  Order,
  Parameters,
  Primitive,
  ResourceId,
} from '../../model/index.ts';
import { INFINITY } from '../../model/index.ts';
import { monitorInterval, timeouts } from './timing.ts';

/** What one pool or one target adds to the blueprint. */
export type Part = Blueprint;

const MIGRATION_THRESHOLD = 3;

export const primitive = (
  config: ClusterConfig,
  id: ResourceId,
  agent: AgentName,
  parameters: Parameters,
  targetRole: Primitive['targetRole'] = 'started',
): Primitive => ({
  kind: 'primitive',
  id,
  agent,
  parameters,
  timeouts: timeouts(config.properties.patience, agent === 'drbd' ? 'mirror' : 'other'),
  monitorInterval: monitorInterval(config.properties.patience),
  targetRole,
  migrationThreshold: MIGRATION_THRESHOLD,
});

export const startAfter = (kind: Order['kind'], first: ResourceId, then: ResourceId): Order => ({
  kind,
  first,
  firstAction: 'start',
  then,
  thenAction: 'start',
});

export const together = (resource: ResourceId, peer: ResourceId, influence: boolean): Colocation => ({
  resource,
  with: peer,
  withRole: 'started',
  score: INFINITY,
  influence,
});

/** Plain comparison of code units: the same on every machine, whatever its language. */
export const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const byName = <Item extends { readonly name: string }>(
  items: Readonly<Record<string, Item>>,
): readonly Item[] => Object.values(items).sort((a, b) => compareNames(a.name, b.name));

export const sortedUnique = (words: readonly string[]): readonly string[] =>
  [...new Set(words)].sort(compareNames);

export const drbdOf = (pool: string): ResourceId => `drbd-${pool}`;
export const lvmOf = (pool: string): ResourceId => `lvm-${pool}`;
export const targetOf = (target: string): ResourceId => `target-${target}`;
export const lunOf = (lun: string): ResourceId => `lun-${lun}`;
export const snapshotOf = (snapshot: string): ResourceId => `snapshot-${snapshot}`;
export const addressOf = (target: string, portal: string): ResourceId => `address-${target}-${portal}`;
export const volumeGroupOf = (pool: string): string => `keelson_${pool}`;
