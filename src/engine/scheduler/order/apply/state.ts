import type { ActionBuilder } from '../../actions/table.ts';
import { ROLE, type Resource, type Role } from '../../unpack/resource.ts';

/** The role a resource has now; of a group or clone the highest of its children's. */
export function stateOf(builder: ActionBuilder, resource: Resource): Role {
  if (resource.kind === 'primitive') return builder.currentRole(resource);
  let highest: Role = ROLE.unknown;
  for (const child of resource.children) {
    const role = stateOf(builder, child);
    if (role > highest) highest = role;
  }
  return highest;
}
