import { lower } from '../rules/text.ts';
import {
  equalsIgnoringCase,
  isTrue,
  parseBoolean,
  parseInterval,
  parseRole,
  parseScore,
  INFINITY,
} from '../rules/values.ts';
import { readClone } from './clone-settings.ts';
import type { Draft, DraftResource } from './draft.ts';
import { readMeta } from './meta.ts';
import { createParameters } from './parameters.ts';
import { readNeeds } from './requires.ts';
import { ROLE, type Resource, type Role } from './resource.ts';
import type { Source } from './source.ts';
import { addUtilization } from './utilization.ts';
import { report } from './report.ts';

/** The resource at the top: the clone of an instance, the group of a member. */
export function topOf(resource: DraftResource): DraftResource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

const MULTIPLE_ACTIVE: Readonly<Record<string, Resource['multipleActive']>> = {
  stop_start: 'stop-start',
  stop_only: 'stop-only',
  block: 'block',
  stop_unexpected: 'stop-unexpected',
};

/** The id as it was written: what is wrong with a definition is not wrong with one instance. */
function nameOf(draft: Draft, resource: DraftResource): string {
  return draft.sources.get(resource)?.id ?? resource.id;
}

/** `default` is a way of saying nothing. */
function given(value: string | undefined): string | undefined {
  return value === undefined || lower(value) === 'default' ? undefined : value;
}

/** On unless it is said to be off: what is neither counts as on. */
function isNotOff(value: string | undefined): boolean {
  return parseBoolean(value) !== false;
}

/** Negative thresholds count as 1, as they always did. */
function readThreshold(value: string | undefined): number {
  if (value === undefined) return INFINITY;
  const threshold = parseScore(value);
  return threshold < 0 ? 1 : threshold;
}

/** Started is what happens anyway; promoted is left to the promotion scores. */
function readTargetRole(draft: Draft, resource: DraftResource): Role {
  const value = given(resource.meta.get('target-role'));
  if (value === undefined || equalsIgnoringCase(value, 'started')) return ROLE.unknown;
  const role = parseRole(value);
  const isPromotable = topOf(resource).isPromotable;
  if (role === ROLE.unknown || (role > ROLE.started && !isPromotable)) {
    report(
      draft.pairs,
      'bad_value',
      `resource '${nameOf(draft, resource)}' target-role`,
      role === ROLE.unknown
        ? `'${value}' is no role; it is left out`
        : `'${value}' is for promotable clones only; it is left out`,
    );
    return ROLE.unknown;
  }
  return role > ROLE.unpromoted ? ROLE.unknown : role;
}

/** What is the same for every kind of resource, taken from its meta attributes. */
function applyMeta(draft: Draft, resource: DraftResource, source: Source): void {
  const { meta } = resource;
  const { settings } = draft;
  const complain = (name: string, message: string): void => {
    report(draft.pairs, 'bad_value', `resource '${nameOf(draft, resource)}' ${name}`, message);
  };

  const critical = meta.get('critical');
  resource.isCritical = critical === undefined || isTrue(critical);
  resource.wantsNotifications = isTrue(meta.get('notify'));
  resource.mayMigrate = isTrue(meta.get('allow-migrate'));

  const managed = given(meta.get('is-managed'));
  resource.isManaged = managed === undefined ? !settings.isInMaintenance : isTrue(managed);
  if (isTrue(meta.get('maintenance')) || settings.isInMaintenance) {
    resource.isManaged = false;
    resource.isInMaintenance = true;
  }

  if (topOf(resource).kind === 'clone') {
    resource.isUnique = isTrue(meta.get('globally-unique'));
    resource.isPromotable = isTrue(meta.get('promotable')) || source.isMaster;
    if (source.isMaster) meta.set('promotable', 'true');
  }

  const multiple = meta.get('multiple-active');
  resource.multipleActive = MULTIPLE_ACTIVE[lower(multiple ?? 'stop_start')] ?? 'stop-start';
  if (multiple !== undefined && MULTIPLE_ACTIVE[lower(multiple)] === undefined) {
    complain('multiple-active', `'${multiple}' is no value for it; 'stop_start' counts`);
  }
  resource.stickiness = parseScore(given(meta.get('resource-stickiness')));
  resource.migrationThreshold = readThreshold(given(meta.get('migration-threshold')));
  resource.failureTimeout = Math.floor(parseInterval(meta.get('failure-timeout')) / 1000);

  resource.isFenceDevice = equalsIgnoringCase(source.agent?.standard, 'stonith');
  if (resource.isFenceDevice) settings.hasFenceDevice = true;
  resource.needs = readNeeds(draft, source.id, meta.get('requires'), expectsQuorumOnly(resource, source));
  resource.nextRole = readTargetRole(draft, resource);
}

/** The connection to a remote node is, like a fence device, needed before nodes can be fenced. */
function expectsQuorumOnly(resource: DraftResource, { agent }: Source): boolean {
  return (
    resource.isFenceDevice ||
    (equalsIgnoringCase(agent?.standard, 'ocf') &&
      equalsIgnoringCase(agent?.provider, 'pacemaker') &&
      equalsIgnoringCase(agent?.type, 'remote'))
  );
}

/**
 * A resource without its children. `instance`: the number within a clone. It is not yet known to the draft: see
 * `register`.
 */
export function createResource(
  draft: Draft,
  source: Source,
  parent: DraftResource | undefined,
  instance: string | undefined,
): DraftResource {
  const id = instance === undefined ? source.id : `${source.id}:${instance}`;
  const resource: DraftResource = {
    index: -1,
    id,
    historyId: undefined,
    keys: new Map(),
    kind: source.kind,
    parent,
    children: [],
    agent: source.agent,
    operations: source.operations,
    meta: readMeta(draft, source, parent, instance),
    parameters: () => new Map(),
    utilization: new Map(),
    priority: 0,
    stickiness: 0,
    migrationThreshold: INFINITY,
    failureTimeout: 0,
    multipleActive: 'stop-start',
    isManaged: true,
    isInMaintenance: false,
    isBlocked: false,
    isFailed: false,
    isFailureIgnored: false,
    isOrphan: false,
    isOrphanInstance: false,
    isFenceDevice: false,
    isCritical: true,
    mayMigrate: false,
    mustStop: false,
    isStopUnexpected: false,
    isStartPending: false,
    needs: { quorum: false, fencing: false, unfencing: false },
    discoversExclusively: false,
    role: ROLE.stopped,
    nextRole: ROLE.unknown,
    nextRoleReason: undefined,
    runningOn: [],
    knownOn: new Set(),
    pendingTask: undefined,
    pendingNode: undefined,
    danglingMigrations: [],
    partialMigrationSource: undefined,
    partialMigrationTarget: undefined,
    lockNode: undefined,
    lockTime: 0,
    historyScores: new Map(),
    clone: undefined,
    group: undefined,
    isUnique: true,
    wantsNotifications: false,
    isPromotable: false,
  };
  resource.priority = parseScore(resource.meta.get('priority'));
  resource.parameters = createParameters(draft, resource);
  draft.sources.set(resource, source);
  applyMeta(draft, resource, source);
  if (source.kind === 'clone') resource.clone = readClone(draft, resource, source);
  if (source.kind === 'group') {
    const { meta } = resource;
    resource.group = {
      isOrdered: isNotOff(meta.get('ordered')),
      isColocated: isNotOff(meta.get('collocated')),
    };
  }
  addUtilization(draft.pairs, source.utilization, `resource '${source.id}'`, resource.utilization);
  return resource;
}
