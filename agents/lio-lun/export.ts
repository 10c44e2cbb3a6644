import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import { backstore, lunFolder, portalGroup } from '../configfs/places.ts';
import { removeLinkedFolder } from '../configfs/remove-linked.ts';
import { mappedName } from '../device-mapper/names.ts';
import { thinPool } from '../lvm-command/thin-pool.ts';
import { ensureBackstore, isRight, readBackstore } from './backstore.ts';
import { ensureMappings, readMappings, removeMappings, withoutAcl } from './mapping.ts';
import { readLink } from './observation.ts';
import { giveReservations, holderFirst, recallReservations } from './reservations.ts';
import { backstoreName, volumeOf, type LunParameters } from './parameters.ts';
import type { LunWorld } from './world.ts';

/** Hides the LUN and lets go of its device; only what is this LUN's is touched. */
export async function withdraw(configfs: Configfs, parameters: LunParameters): Promise<void> {
  if ((await readLink(configfs, parameters)) !== 'foreign') {
    await removeMappings(configfs, parameters);
    await removeLinkedFolder(configfs, lunFolder(parameters.iqn, parameters.number));
  }
  await configfs.removeFolder(backstore(backstoreName(parameters)));
}

/** Shows a LUN that is exported to those who are to see it now; it goes on being served to all who see it already. */
export async function adjust(configfs: Configfs, parameters: LunParameters): Promise<Result<undefined>> {
  const fail = (message: string) => failed(failure('agent_failed', `LUN ${parameters.lun}: ${message}`));
  if ((await readLink(configfs, parameters)) !== 'linked') return fail('it is not exported here');
  const mappings = await readMappings(configfs, parameters);
  const locked = withoutAcl(parameters, mappings);
  if (locked.length > 0) return fail(`the target has no access for ${locked.join(', ')}`);
  await ensureMappings(configfs, parameters, mappings);
  return success(undefined);
}

/** Makes the LUN visible to its initiators, and to nobody else. */
export async function publish(
  { configfs, deviceMapper, reservations }: LunWorld,
  parameters: LunParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { iqn, lun, number, volumeGroup } = parameters;
  const fail = (message: string): Result<never> => failed(failure('agent_failed', `LUN ${lun}: ${message}`));

  const device = await deviceMapper.find(mappedName(volumeGroup, volumeOf(parameters)));
  if (device === undefined) {
    const lack = `its volume is not active in ${volumeGroup}`;
    return fail(parameters.thin === true ? `${lack}; it needs ${volumeGroup}/${thinPool}` : lack);
  }
  if ((await configfs.folders(portalGroup(iqn))) === undefined) return fail(`there is no target ${iqn}`);
  const link = await readLink(configfs, parameters);
  if (link === 'foreign') return fail(`its number ${number} leads to another backstore`);
  let mappings = await readMappings(configfs, parameters);
  const locked = withoutAcl(parameters, mappings);
  if (locked.length > 0) return fail(`the target has no access for ${locked.join(', ')}`);

  let found = await readBackstore(configfs, parameters);
  // Linked to a device of an earlier life: nobody may go on writing there. Not linked: what it was given of reservations
  // is not known, and cannot be taken back.
  if (found !== undefined && (link !== 'linked' || !isRight(found, parameters, device))) {
    await withdraw(configfs, parameters);
    mappings = await readMappings(configfs, parameters);
    found = undefined;
  }
  const registered =
    found === undefined ? await recallReservations(reservations, parameters, context) : success([]);
  if (!registered.ok) return registered;
  const made = await ensureBackstore(configfs, parameters, device, found);
  if (!made.ok) return made;
  const folder = lunFolder(iqn, number);
  if (found === undefined) {
    await giveReservations(configfs, parameters, registered.value);
    await configfs.makeFolder(folder);
    await configfs.makeLink(`${folder}/backstore`, backstore(backstoreName(parameters)));
  }
  await ensureMappings(configfs, parameters, holderFirst(mappings, registered.value));
  return success(undefined);
}
