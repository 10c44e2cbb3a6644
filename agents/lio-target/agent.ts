import {
  failed,
  failure,
  portalText,
  success,
  type Observation,
  type Result,
} from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { writeIfDifferent, type Configfs } from '../configfs/configfs.ts';
import { ensureTargetModules } from '../configfs/modules.ts';
import { portalGroup } from '../configfs/places.ts';
import { operation } from '../operation.ts';
import { ensureAccess } from './access.ts';
import type { Connections } from './connections.ts';
import { observe } from './observation.ts';
import { targetParameters, type TargetParameters } from './parameters.ts';
import { removeTarget } from './remove.ts';
import { attributes, keys } from './settings.ts';

export interface TargetWorld {
  readonly configfs: Configfs;
  readonly connections: Connections;
}

export function createTargetAgent({ configfs, connections }: TargetWorld): Agent {
  const observed = async (parameters: TargetParameters): Promise<Result<Observation>> =>
    success(await observe(configfs, connections, parameters));

  /** Brings what differs to where it should be; all else, and the sessions, are left alone. */
  async function adjust(parameters: TargetParameters): Promise<void> {
    const group = portalGroup(parameters.iqn);
    for (const [name, value] of attributes)
      await writeIfDifferent(configfs, `${group}/attrib/${name}`, value);
    for (const [name, value] of keys) await writeIfDifferent(configfs, `${group}/param/${name}`, value);
    await ensureAccess(configfs, parameters);

    const wanted = parameters.portals.map(portalText);
    const present = (await configfs.folders(`${group}/np`)) ?? [];
    for (const portal of present)
      if (!wanted.includes(portal)) await configfs.removeFolder(`${group}/np/${portal}`);
    // The kernel listens on an address that the node does not have yet (IP_FREEBIND).
    for (const portal of wanted)
      if (!present.includes(portal)) await configfs.makeFolder(`${group}/np/${portal}`);
  }

  async function start(parameters: TargetParameters, context: AgentContext): Promise<Result<Observation>> {
    const loaded = await ensureTargetModules(configfs, context);
    if (!loaded.ok) return loaded;
    const group = portalGroup(parameters.iqn);
    await configfs.makeFolder(`iscsi/${parameters.iqn}`);
    await configfs.makeFolder(group);
    await adjust(parameters);
    await writeIfDifferent(configfs, `${group}/enable`, '1');
    return observed(parameters);
  }

  async function reload(parameters: TargetParameters): Promise<Result<Observation>> {
    if ((await configfs.read(`${portalGroup(parameters.iqn)}/enable`)) !== '1')
      return failed(failure('agent_failed', `there is no target ${parameters.iqn} that serves`));
    await adjust(parameters);
    return observed(parameters);
  }

  return {
    name: 'lio-target',
    monitor: operation(targetParameters, observed),
    start: operation(targetParameters, start),
    reload: operation(targetParameters, reload),
    stop: operation(targetParameters, async (parameters) => {
      await removeTarget(configfs, parameters.iqn);
      return observed(parameters);
    }),
  };
}
