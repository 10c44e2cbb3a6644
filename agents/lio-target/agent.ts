import { success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { writeIfDifferent, type Configfs } from '../configfs/configfs.ts';
import { ensureTargetModules } from '../configfs/modules.ts';
import { acl, portalGroup } from '../configfs/places.ts';
import { operation } from '../operation.ts';
import { observe, portalFolder } from './observation.ts';
import { targetParameters, type TargetParameters } from './parameters.ts';
import { removeAcl, removeTarget } from './remove.ts';
import { attributes, keys } from './settings.ts';

export function createTargetAgent({ configfs }: { readonly configfs: Configfs }): Agent {
  async function start(parameters: TargetParameters, context: AgentContext): Promise<Result<Observation>> {
    const loaded = await ensureTargetModules(configfs, context);
    if (!loaded.ok) return loaded;
    const { iqn } = parameters;
    const group = portalGroup(iqn);
    await configfs.makeFolder(`iscsi/${iqn}`);
    await configfs.makeFolder(group);
    for (const [name, value] of attributes)
      await writeIfDifferent(configfs, `${group}/attrib/${name}`, value);
    for (const [name, value] of keys) await writeIfDifferent(configfs, `${group}/param/${name}`, value);

    for (const initiator of (await configfs.folders(`${group}/acls`)) ?? []) {
      if (!parameters.initiators.includes(initiator)) await removeAcl(configfs, iqn, initiator);
    }
    for (const initiator of parameters.initiators) await configfs.makeFolder(acl(iqn, initiator));

    const wanted = parameters.portals.map(portalFolder);
    for (const portal of (await configfs.folders(`${group}/np`)) ?? []) {
      if (!wanted.includes(portal)) await configfs.removeFolder(`${group}/np/${portal}`);
    }
    // The kernel listens on an address that the node does not have yet (IP_FREEBIND).
    for (const portal of wanted) await configfs.makeFolder(`${group}/np/${portal}`);
    await writeIfDifferent(configfs, `${group}/enable`, '1');
    return success(await observe(configfs, parameters));
  }

  return {
    name: 'lio-target',
    monitor: operation(targetParameters, async (parameters) => success(await observe(configfs, parameters))),
    start: operation(targetParameters, start),
    stop: operation(targetParameters, async (parameters) => {
      await removeTarget(configfs, parameters.iqn);
      return success(await observe(configfs, parameters));
    }),
  };
}
