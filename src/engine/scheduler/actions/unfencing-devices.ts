import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Action } from './action.ts';
import { calculateDigests } from './digest.ts';
import type { ActionBuilder } from './table.ts';

/** No operation of this name exists: its digest is one of the device's parameters alone. */
const TASK_OF_DIGEST = 'stonith-on';

/**
 * Notes on a fencing action with what parameters the devices are defined that unfence nodes.
 * @returns whether one of them was defined differently when the node was unfenced last
 */
export function noteUnfencingDevices(builder: ActionBuilder, action: Action, node: Node): boolean {
  const { unpacked } = builder.assigned.scored;
  const all: string[] = [];
  const secure: string[] = [];
  let isChanged = false;
  for (const device of unfencingDevices(builder)) {
    const digests = calculateDigests(unpacked, device, node, TASK_OF_DIGEST, 0, undefined);
    const name = `${device.id}:${device.agent?.type ?? ''}`;
    const before = node.attributes.get('#digests-all');
    const isKnown =
      before === undefined ||
      before.includes(`${name}:${digests.all}`) ||
      node.attributes.get('#digests-secure')?.includes(`${name}:${digests.secure}`) === true;
    if (!isKnown) isChanged = true;
    all.push(`${name}:${digests.all},`);
    secure.push(`${name}:${digests.secure},`);
  }
  action.extra.set('digests-all', all.join(''));
  action.extra.set('digests-secure', secure.join(''));
  return isChanged;
}

function unfencingDevices(builder: ActionBuilder): readonly Resource[] {
  const { unpacked } = builder.assigned.scored;
  return unpacked.all
    .filter(
      (resource) =>
        resource.kind === 'primitive' &&
        resource.isFenceDevice &&
        (resource.needs.unfencing || resource.meta.get('provides')?.toLowerCase() === 'unfencing'),
    )
    .reverse();
}
