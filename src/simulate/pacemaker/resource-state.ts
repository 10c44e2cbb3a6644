import type { Node } from '../../engine/scheduler/unpack/node.ts';
import { ROLE, type Resource, type Role } from '../../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import { parseInteger, parseRole } from '../../engine/scheduler/rules/values.ts';
import { exitCodeMeaning } from './exit-codes.ts';

/** The clone or group at the top, or the resource itself. */
export const topOf = (resource: Resource): Resource => {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
};

/**
 * Whether it runs. `everything`: whether all of its members run (for a clone: every instance). What is recorded for a
 * node that is gone counts only where the node is unclean, or where the resource is unmanaged.
 */
export const isActive = (resource: Resource, everything: boolean): boolean => {
  switch (resource.kind) {
    case 'primitive':
      return resource.runningOn.some((node) => node.isUnclean || node.isOnline || !resource.isManaged);
    case 'group': {
      const active = resource.children.filter((child) => isActive(child, everything));
      return active.length > 0 && (!everything || active.length === resource.children.length);
    }
    case 'clone':
      return everything
        ? resource.children.every((child) => isActive(child, true))
        : resource.children.some((child) => isActive(child, false));
  }
};

/** The highest role of what is in it. */
export const roleOf = (resource: Resource): Role => {
  if (resource.kind === 'primitive') return resource.role;
  let highest: Role = ROLE.unknown;
  for (const child of resource.children) {
    const role = roleOf(child);
    if (role > highest) highest = role;
  }
  return highest;
};

/** The role as shown: what is started in a promotable clone is unpromoted. */
export const shownRole = (resource: Resource): Role =>
  resource.role === ROLE.started && topOf(resource).isPromotable ? ROLE.unpromoted : resource.role;

/** The nodes of it and all its members, each once. */
export const nodesOf = (resource: Resource): readonly Node[] =>
  resource.children.length === 0
    ? resource.runningOn
    : [...new Set(resource.children.flatMap((child) => nodesOf(child)))];

/**
 * Of several nodes the one it counts as being on: where it is migrated from; else, where nothing has to be fenced for
 * it, the first one that is well; else the first.
 */
export const currentNode = (resource: Resource): Node | undefined => {
  const { runningOn, partialMigrationSource: source } = resource;
  if (source !== undefined && runningOn.includes(source)) return source;
  const well = resource.needs.fencing
    ? undefined
    : runningOn.find((node) => node.isOnline && !node.isUnclean);
  return well ?? runningOn[0];
};

/** The name under which it is shown: instances of anonymous clones go by their definition's. */
export const shownId = (resource: Resource): string =>
  resource.isUnique || resource.kind === 'clone' ? resource.id : resource.id.replace(/:\d+$/, '');

/** Its target-role keeps it below what it could be. */
export const isDisabled = (resource: Resource): boolean => {
  const role = parseRole(resource.meta.get('target-role'));
  return role === ROLE.stopped || (role === ROLE.unpromoted && topOf(resource).isPromotable);
};

/** The target-role that a clone goes by: its own, or what it clones has. */
export const cloneTargetRole = (clone: Resource): Role =>
  parseRole(clone.meta.get('target-role') ?? clone.children[0]?.meta.get('target-role'));

const NOT_INSTALLED_STATUS = 7;

/**
 * Why a probe could not tell anything: `not installed`, `invalid parameter`, ... Such a probe counts as "not running".
 * `node` undefined: anywhere.
 */
export const failedProbe = (
  unpacked: Unpacked,
  resource: Resource,
  node: Node | undefined,
): string | undefined => {
  const top = topOf(resource);
  const id = top.clone?.childId ?? resource.id;
  for (const { entry } of unpacked.failedOperations) {
    const { operation, fields } = entry;
    if (operation !== 'monitor' || (parseInteger(fields['interval']) ?? 0) !== 0) continue;
    const code = parseInteger(fields['rc-code']) ?? 0;
    const isMasked = code === 5 || code === 2 || parseInteger(fields['op-status']) === NOT_INSTALLED_STATUS;
    if (!isMasked) continue;
    const where = fields['on_node'];
    if (where === undefined) continue;
    if (node !== undefined && where.toLowerCase() !== node.name.toLowerCase()) continue;
    if ((fields['operation_key'] ?? entry.id).replace(/_monitor_\d+$/, '') === id)
      return exitCodeMeaning(code);
  }
  return undefined;
};
