import { lower } from '../rules/text.ts';
import { isTrue, parseInterval, parseInteger } from '../rules/values.ts';
import type { ScheduleInput } from '../input.ts';
import { mergePairs, type PairContext } from './pairs.ts';
import { isOn, PROPERTIES } from './properties.ts';
import type { Configuration, PairSet } from '../../../model/index.ts';
import type { Settings } from './unpacked.ts';
import { report } from './report.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The set of cluster properties that counts before others, whatever their scores. */
const FIRST_SET = 'cib-bootstrap-options';

/** Fills in what is not set, and the default where a value makes no sense. */
function readProperties(context: PairContext, sets: readonly PairSet[]): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  mergePairs(context, 'properties', sets, {}, properties, { first: FIRST_SET });
  for (const { name, default: fallback, isValid } of PROPERTIES) {
    const value = properties.get(name);
    if (value !== undefined && isValid(value)) continue;
    if (value !== undefined) {
      report(
        context,
        'bad_value',
        `property '${name}'`,
        `'${value}' is no value for it; '${fallback}' counts`,
      );
    }
    properties.set(name, fallback);
  }
  return properties;
}

/** `suicide` counts only where nodes can be fenced, and not in a partition that never had quorum. */
function readQuorumPolicy(
  context: PairContext,
  input: ScheduleInput,
  properties: ReadonlyMap<string, string>,
  isQuorate: boolean,
): Settings['noQuorumPolicy'] {
  const policy = lower(properties.get('no-quorum-policy') ?? 'stop');
  switch (policy) {
    case 'ignore':
    case 'freeze':
    case 'demote':
      return policy;
    case 'suicide':
      if (!isOn(properties, 'stonith-enabled')) {
        report(
          context,
          'bad_value',
          "property 'no-quorum-policy'",
          "'suicide' needs fencing, which is off; 'stop' counts",
        );
        return 'stop';
      }
      return isQuorate || (parseInteger(input.document.fields['no-quorum-panic']) ?? 0) !== 0
        ? 'suicide'
        : 'stop';
    default:
      return 'stop';
  }
}

/** Anything that must unfence before it may run: looked for in the text, before rules count. */
function wantsUnfencing(configuration: Configuration): boolean {
  const isWanted = (sets: readonly PairSet[]): boolean =>
    sets.some(({ pairs }) =>
      pairs.some(({ name, value }) => value === 'unfencing' && (name === 'provides' || name === 'requires')),
    );
  if (isWanted(configuration.resourceDefaults)) return true;
  if (configuration.templates.some(({ meta }) => isWanted(meta))) return true;
  return configuration.resources.some((resource) => {
    const inner = resource.kind === 'clone' ? resource.child : resource;
    if (isWanted(resource.meta) || isWanted(inner.meta)) return true;
    return inner.kind === 'group' && inner.members.some(({ meta }) => isWanted(meta));
  });
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}

/**
 * Cluster properties ("Pacemaker Explained", cluster options). `hasFenceDevice` knows only of the watchdog yet; the
 * resources tell the rest.
 */
export function readSettings(
  context: PairContext,
  input: ScheduleInput,
  configuration: Configuration,
): Mutable<Settings> {
  const properties = readProperties(context, configuration.properties);
  const isQuorate = isTrue(input.document.fields['have-quorum']);
  const stonithEnabled = isOn(properties, 'stonith-enabled');
  const time = (name: string): number => parseInterval(properties.get(name));
  const action = properties.get('stonith-action');
  const placement = lower(properties.get('placement-strategy') ?? '');
  return {
    isQuorate,
    noQuorumPolicy: readQuorumPolicy(context, input, properties, isQuorate),
    isSymmetric: isOn(properties, 'symmetric-cluster'),
    isInMaintenance: isOn(properties, 'maintenance-mode'),
    stonithEnabled,
    hasFenceDevice: isOn(properties, 'have-watchdog'),
    stonithAction: action === 'off' || action === 'poweroff' ? 'off' : 'reboot',
    stonithTimeout: time('stonith-timeout'),
    mayFenceConcurrently: isOn(properties, 'concurrent-fencing'),
    unfencingEnabled: wantsUnfencing(configuration),
    fencesAtStartup: stonithEnabled && isOn(properties, 'startup-fencing'),
    priorityFencingDelay: wholeSeconds(time('priority-fencing-delay')),
    stopsOrphanResources: isOn(properties, 'stop-orphan-resources'),
    stopsOrphanActions: isOn(properties, 'stop-orphan-actions'),
    stopsAll: isOn(properties, 'stop-all-resources'),
    isStartFailureFatal: isOn(properties, 'start-failure-is-fatal'),
    probes: isOn(properties, 'enable-startup-probes'),
    shutdownLock: isOn(properties, 'shutdown-lock'),
    shutdownLockLimit: isOn(properties, 'shutdown-lock') ? wholeSeconds(time('shutdown-lock-limit')) : 0,
    placementStrategy:
      placement === 'utilization' || placement === 'minimal' || placement === 'balanced'
        ? placement
        : 'default',
    properties,
  };
}
