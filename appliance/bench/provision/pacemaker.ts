import type { Lab } from '../../lab/lab.ts';
import type { Progress } from '../../lab/progress.ts';
import { lunName } from '../failover/luns.ts';
import {
  lunPrimitive,
  targetsOf,
  volumeScript,
  type ClusterFacts,
} from '../failover/pacemaker/configuration.ts';
import { labFacts, volumeGroup } from '../failover/pacemaker/facts.ts';
import type { Stack } from '../failover/stack.ts';
import { timed, type Provisioner } from './creates.ts';

/** Python and shell under emulation, in milliseconds. */
const ONE = 900_000;
const MANY = 7_200_000;

/**
 * What an administrator's script does for these LUNs of the first target: volumes, resources of the crm shell at the end
 * of the target's group, where they have nothing else restarted, and waiting until the cluster has settled. The node
 * itself says how long that took, in milliseconds, so that the way to it does not count.
 */
export function createScript(facts: ClusterFacts, luns: readonly number[]): string {
  const [target] = targetsOf(facts, 1);
  if (target === undefined) throw new Error('The first LUN has a target.');
  const names = luns.map(lunName);
  return `set -eu
began=$(date +%s%3N)
${volumeScript(volumeGroup, luns)}
crm --force --wait configure >&2 <<'END'
${luns.map((lun) => lunPrimitive(facts, target.iqn, lun, lun - 1)).join('\n')}
modgroup ${target.group} add ${names.join(' ')}
commit
END
for name in ${names.join(' ')}; do
  set -- /sys/kernel/config/target/core/iblock_*/$name
  [ -d "$1" ] || { echo "$name is not exported" >&2; exit 1; }
done
echo $(($(date +%s%3N) - began))`;
}

/** `stack` has served the first LUN; the LUNs follow those that are there. */
export function pacemakerProvisioner(lab: Lab, stack: Stack, progress: Progress): Provisioner {
  const facts = labFacts(lab);
  const create = async (luns: readonly number[], timeout: number): Promise<number> => {
    const node = lab.node(await stack.primary());
    const took = Number(await node.demand(createScript(facts, luns), { timeout }));
    const which = luns.length === 1 ? `LUN ${luns[0] ?? ''}` : `${luns.length} LUNs`;
    progress(`pacemaker: ${which} after ${(took / 1000).toFixed(1)} s`);
    return took;
  };
  return {
    stack: 'pacemaker',
    oneByOne: (luns) => timed(luns, (lun) => create([lun], ONE)),
    together: async (luns) => ({ each: [], total: await create(luns, MANY), luns: luns.length }),
  };
}
