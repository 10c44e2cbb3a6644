import type { StatusView } from '../../src/model/index.ts';
import type { Lab } from '../lab/lab.ts';
import type { StorageNodeName } from '../lab/topology.ts';
import type { San } from './san.ts';

const FINISHED = 180_000;

const engine = 'systemctl show --property=MainPID --value keelsond.service';

/** Our processes on a node, and how each is killed. */
export const killers = {
  api: 'kill -9 "$(systemctl show --property=MainPID --value keelson-api.service)"',
  'agent hosts': `for id in $(cat /proc/"$(${engine})"/task/*/children); do kill -9 "$id"; done`,
  engine: `kill -9 "$(${engine})"`,
} as const;

export type Victim = keyof typeof killers;

/**
 * Asks for a LUN and kills one of our processes on the node in the middle of it. True when afterwards the LUN is served
 * once the same request is made again, with one volume and one export in the kernel.
 */
export async function interruptCreate(
  lab: Lab,
  san: San,
  node: StorageNodeName,
  victim: Victim,
  name: string,
  more: { readonly thin?: boolean } = {},
): Promise<readonly string[]> {
  const asked = san.call(node, 'POST', '/luns', { name, size: '16MiB', ...more }).catch(() => undefined);
  await lab.node(node).demand(killers[victim]);
  await asked;
  // Its engine may have started anew: what it has not looked at yet, such as the room in the pool, it does not know.
  const knowsAll = ({ synchronised, nodes }: StatusView): boolean =>
    synchronised &&
    nodes.every(
      ({ instances }) => instances.length > 0 && instances.every(({ state }) => state !== 'unknown'),
    );
  await san.waitFor(`${node} answers again, and has looked at everything`, FINISHED, knowsAll, node);
  const lun = await san.createLun(name, '16MiB', node, more);
  await san.waitFor(`LUN ${name} is served`, FINISHED, (status) =>
    status.luns.some((served) => served.name === name && served.servedBy !== undefined),
  );
  const volumes = await lab
    .node(node)
    .demand(`lvs --noheadings --options lv_name --devices /dev/drbd0 | grep -cx ' *${name} *' || true`);
  const exported = await lab
    .node(node)
    .demand(
      `grep -lx 'T10 VPD Unit Serial Number: ${lun.serial}' /sys/kernel/config/target/core/iblock_*/*/wwn/vpd_unit_serial | wc -l`,
    );
  return [
    ...(volumes.trim() === '1' ? [] : [`${volumes.trim()} volumes are named ${name}`]),
    ...(exported.trim() === '1' ? [] : [`${exported.trim()} backstores have the serial of ${name}`]),
  ];
}
