import { ROLE, type Resource } from '../../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { cloneLines } from './clone.ts';
import { headed } from './list.ts';
import { primitiveLine } from './primitive.ts';
import { isActive, isDisabled } from './resource-state.ts';

/** A resource and what is in it, as lines without bullets; members are indented. */
export const resourceLines = (unpacked: Unpacked, resource: Resource, showPending: boolean): string[] => {
  switch (resource.kind) {
    case 'primitive':
      return [primitiveLine(unpacked, resource, showPending)];
    case 'group':
      return groupLines(unpacked, resource, showPending);
    case 'clone':
      return cloneLines(unpacked, resource, showPending, resourceLines);
  }
};

const groupLines = (unpacked: Unpacked, group: Resource, showPending: boolean): string[] => {
  const attributes: string[] = [];
  if (!group.isManaged) attributes.push('unmanaged');
  if (isDisabled(group)) attributes.push('disabled');
  return headed(
    `Resource Group: ${group.id}`,
    attributes,
    group.children.flatMap((member) => resourceLines(unpacked, member, showPending)),
  );
};

/** "Full List of Resources": everything that is defined, and of what is not defined all that still runs. */
export const fullList = (unpacked: Unpacked, showPending: boolean): string[] => {
  const lines = unpacked.resources
    .filter((resource) => {
      if (resource.isOrphan && !isActive(resource, true)) return false;
      return !isActive(resource, false) || resource.runningOn.length > 0;
    })
    .flatMap((resource) => resourceLines(unpacked, resource, showPending));
  return headed('Full List of Resources', [], lines.length > 0 ? lines : ['No resources']);
};

/** How many primitives and instances there are, how many are disabled, and how many are blocked. */
export const countInstances = (
  unpacked: Unpacked,
): { readonly all: number; readonly disabled: number; readonly blocked: number } => {
  const counts = { all: 0, disabled: 0, blocked: 0 };
  const count = (resource: Resource): void => {
    if (resource.children.length > 0) {
      for (const child of resource.children) count(child);
    } else if (!resource.isOrphan || resource.role > ROLE.stopped) {
      counts.all += 1;
      if (isDisabled(resource)) counts.disabled += 1;
      if (resource.isBlocked) counts.blocked += 1;
    }
  };
  for (const resource of unpacked.resources) count(resource);
  return counts;
};
