import { isTrue, parseBoolean, parseInteger, tryInterval } from '../rules/values.ts';
import { lower } from '../rules/text.ts';

/** One cluster property that the scheduler knows. */
export interface PropertyDefinition {
  readonly name: string;
  readonly default: string;
  readonly isValid: (value: string) => boolean;
}

function oneOf(...words: readonly string[]): (value: string) => boolean {
  return (value) => words.includes(lower(value));
}

const isBoolean = (value: string): boolean => parseBoolean(value) !== undefined;
const isTime = (value: string): boolean => tryInterval(value) !== undefined;
const isNumber = (value: string): boolean =>
  parseInteger(value) !== undefined || /^[+-]?infinity$/i.test(value);

/** Names, defaults and values as "Pacemaker Explained", cluster options, has them for version 2.1. */
export const PROPERTIES: readonly PropertyDefinition[] = [
  {
    name: 'no-quorum-policy',
    default: 'stop',
    isValid: oneOf('stop', 'freeze', 'ignore', 'demote', 'suicide'),
  },
  { name: 'symmetric-cluster', default: 'true', isValid: isBoolean },
  { name: 'maintenance-mode', default: 'false', isValid: isBoolean },
  { name: 'start-failure-is-fatal', default: 'true', isValid: isBoolean },
  { name: 'enable-startup-probes', default: 'true', isValid: isBoolean },
  { name: 'shutdown-lock', default: 'false', isValid: isBoolean },
  { name: 'shutdown-lock-limit', default: '0', isValid: isTime },
  { name: 'stonith-enabled', default: 'true', isValid: isBoolean },
  {
    name: 'stonith-action',
    default: 'reboot',
    isValid: (value) => ['reboot', 'off', 'poweroff'].includes(value),
  },
  { name: 'stonith-timeout', default: '60s', isValid: isTime },
  { name: 'have-watchdog', default: 'false', isValid: isBoolean },
  { name: 'concurrent-fencing', default: 'false', isValid: isBoolean },
  { name: 'startup-fencing', default: 'true', isValid: isBoolean },
  { name: 'priority-fencing-delay', default: '0', isValid: isTime },
  { name: 'cluster-delay', default: '60s', isValid: isTime },
  { name: 'batch-limit', default: '0', isValid: isNumber },
  { name: 'migration-limit', default: '-1', isValid: isNumber },
  { name: 'stop-all-resources', default: 'false', isValid: isBoolean },
  { name: 'stop-orphan-resources', default: 'true', isValid: isBoolean },
  { name: 'stop-orphan-actions', default: 'true', isValid: isBoolean },
  { name: 'remove-after-stop', default: 'false', isValid: isBoolean },
  { name: 'pe-error-series-max', default: '-1', isValid: isNumber },
  { name: 'pe-warn-series-max', default: '5000', isValid: isNumber },
  { name: 'pe-input-series-max', default: '4000', isValid: isNumber },
  {
    name: 'node-health-strategy',
    default: 'none',
    isValid: oneOf('none', 'migrate-on-red', 'only-green', 'progressive', 'custom'),
  },
  { name: 'node-health-base', default: '0', isValid: isNumber },
  { name: 'node-health-green', default: '0', isValid: isNumber },
  { name: 'node-health-yellow', default: '0', isValid: isNumber },
  { name: 'node-health-red', default: '-INFINITY', isValid: isNumber },
  {
    name: 'placement-strategy',
    default: 'default',
    isValid: oneOf('default', 'utilization', 'minimal', 'balanced'),
  },
];

/** Whether a property that has a valid value is on. */
export function isOn(properties: ReadonlyMap<string, string>, name: string): boolean {
  return isTrue(properties.get(name));
}
