import type { Configfs } from '../configfs/configfs.ts';
import { lunFolder, mappedLun, portalGroup } from '../configfs/places.ts';
import { removeLinkedFolder } from '../configfs/remove-linked.ts';
import type { LunParameters } from './parameters.ts';

/** Initiators with access to the target, and whether they see this LUN's number: as a whole, half made, or not. */
export interface Mapping {
  readonly initiator: string;
  readonly state: 'mapped' | 'half-made' | 'none';
  /** It cannot write. */
  readonly readOnly: boolean;
}

async function readMapping(
  configfs: Configfs,
  parameters: LunParameters,
  initiator: string,
): Promise<Mapping> {
  const { iqn, number } = parameters;
  const path = mappedLun(iqn, initiator, number);
  const protection = await configfs.read(`${path}/write_protect`);
  if (protection === undefined) return { initiator, state: 'none', readOnly: false };
  const links = Object.values(await configfs.links(path));
  const state = links.includes(lunFolder(iqn, number)) ? 'mapped' : 'half-made';
  return { initiator, state, readOnly: protection === '1' };
}

/** One look for each initiator that has access to the target. */
export async function readMappings(
  configfs: Configfs,
  parameters: LunParameters,
): Promise<readonly Mapping[]> {
  const initiators = (await configfs.folders(`${portalGroup(parameters.iqn)}/acls`)) ?? [];
  return Promise.all(initiators.map((initiator) => readMapping(configfs, parameters, initiator)));
}

/** Shows the LUN to its initiators and hides it from all others; what is as it should be is not touched. */
export async function ensureMappings(
  configfs: Configfs,
  parameters: LunParameters,
  found: readonly Mapping[],
): Promise<void> {
  const { iqn, number, initiators, readOnly } = parameters;
  for (const { initiator, state, readOnly: isReadOnly } of found) {
    const path = mappedLun(iqn, initiator, number);
    if (!initiators.includes(initiator)) {
      if (state !== 'none') await removeLinkedFolder(configfs, path);
      continue;
    }
    if (state !== 'mapped') {
      await configfs.makeFolder(path);
      await configfs.makeLink(`${path}/lun`, lunFolder(iqn, number));
    }
    // The kernel forgets it at the link, and before there is none it goes nowhere.
    const protection = readOnly.includes(initiator);
    if (state === 'mapped' ? isReadOnly !== protection : protection)
      await configfs.write(`${path}/write_protect`, protection ? '1' : '0');
  }
}

export async function removeMappings(configfs: Configfs, parameters: LunParameters): Promise<void> {
  for (const { initiator, state } of await readMappings(configfs, parameters)) {
    if (state === 'none') continue;
    await removeLinkedFolder(configfs, mappedLun(parameters.iqn, initiator, parameters.number));
  }
}

/** Initiators of the LUN that have no access to the target at all. */
export const withoutAcl = (parameters: LunParameters, mappings: readonly Mapping[]): readonly string[] =>
  parameters.initiators.filter((name) => !mappings.some((mapping) => mapping.initiator === name));
