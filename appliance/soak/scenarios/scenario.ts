import type { Lab } from '../../lab/lab.ts';
import { machineProcess } from '../../lab/power/state.ts';
import { storageNodeNames, type StorageNodeName } from '../../lab/topology.ts';
import type { LabFencing } from '../../trial/cluster-file.ts';
import type { Phases } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';

/** What was seen beside the load's own verdict: what went wrong, and times worth telling. */
export interface Finding {
  readonly wrong: readonly string[];
  readonly told: string;
  readonly phases?: Phases;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** Run as often as `--cuts` says. */
  readonly repeated?: boolean;
  /** Needs a cluster that is fenced so; run only where it is asked for by name. */
  readonly fencing?: LabFencing;
  /** Needs a cluster with a witness. */
  readonly witness?: true;
  /** People make two Primaries by hand in it: that there were, is not Keelson's doing. */
  readonly makesTwoPrimaries?: true;
  readonly run: (lab: Lab, san: San) => Promise<Finding>;
}

/** Long enough to see that nothing happens, in milliseconds. */
export const NOTHING_HAPPENS = 30_000;
export const SERVED_AGAIN = 300_000;

export const processes = (lab: Lab): Record<StorageNodeName, number | undefined> => ({
  'san-a': machineProcess(lab.settings, 'san-a'),
  'san-b': machineProcess(lab.settings, 'san-b'),
});

/** The nodes whose power was off since: another process runs the machine now, or none. */
export function fencedSince(
  lab: Lab,
  before: Record<StorageNodeName, number | undefined>,
): readonly StorageNodeName[] {
  const now = processes(lab);
  return storageNodeNames.filter((node) => now[node] !== before[node]);
}

/** Another word after every boot, by whatever it came. */
export const bootOf = async (lab: Lab, node: StorageNodeName): Promise<string> =>
  (await lab.node(node).demand(['cat', '/proc/sys/kernel/random/boot_id'])).trim();
