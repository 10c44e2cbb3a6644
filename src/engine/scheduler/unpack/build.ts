import type { ResourceDefinition } from '../../../model/index.ts';
import type { Draft, DraftResource } from './draft.ts';
import { createResource, topOf } from './resource-draft.ts';
import { sourceOf, type Source } from './source.ts';
import { canBePromoted, canBeUnique } from './standards.ts';
import { report } from './report.ts';

/** Makes a resource and everything in it known to the draft; its place in the list is its index. */
export function register(draft: Draft, resource: DraftResource): void {
  resource.index = draft.all.length;
  draft.all.push(resource);
  for (const child of resource.children) register(draft, child);
}

function clearUnique(resource: DraftResource): void {
  resource.isUnique = false;
  if (!resource.meta.has('globally-unique')) resource.meta.set('globally-unique', 'false');
  for (const child of resource.children) clearUnique(child);
}

/** Services without instance numbers can be cloned only once on a node. */
function makeAnonymous(draft: Draft, clone: DraftResource, primitive: DraftResource): void {
  report(
    draft.pairs,
    'bad_value',
    `resource '${clone.id}' globally-unique`,
    `'${draft.sources.get(primitive)?.id ?? primitive.id}' cannot tell instances apart; they are not unique`,
  );
  if (clone.clone !== undefined) {
    clone.clone = { ...clone.clone, nodeMax: 1, max: Math.min(clone.clone.max, draft.nodes.length) };
  }
  clearUnique(clone);
  clearUnique(primitive);
}

function buildPrimitive(draft: Draft, resource: DraftResource, source: Source): DraftResource | undefined {
  const standard = source.agent?.standard;
  const top = topOf(resource);
  if (top.kind === 'clone' && resource.isUnique && !canBeUnique(standard))
    makeAnonymous(draft, top, resource);
  if (!top.isPromotable || canBePromoted(standard)) return resource;
  report(
    draft.pairs,
    'invalid_resource',
    `resource '${source.id}'`,
    `Agents of the standard '${standard ?? ''}' cannot be promoted; the clone is left out`,
  );
  return undefined;
}

function buildGroup(
  draft: Draft,
  group: DraftResource,
  source: Source,
  instance: string | undefined,
): DraftResource {
  for (const definition of source.members) {
    const member = build(draft, definition, group, instance);
    if (member !== undefined) group.children.push(member);
  }
  if (group.children.length === 0) {
    report(
      draft.pairs,
      'invalid_resource',
      `resource '${group.id}'`,
      'The group has no members; it does nothing',
    );
  }
  return group;
}

function setOrphan(resource: DraftResource): void {
  resource.isOrphan = true;
  resource.isOrphanInstance = true;
  for (const child of resource.children) setOrphan(child);
}

/** One more instance of a clone; `undefined`: it cannot be made. It is not registered. */
export function addInstance(draft: Draft, clone: DraftResource): DraftResource | undefined {
  const child = draft.sources.get(clone)?.child;
  if (child === undefined || clone.clone === undefined) return undefined;
  const number = clone.children.length;
  const { max } = clone.clone;
  const instance = build(draft, child, clone, String(number));
  if (instance === undefined) return undefined;
  clone.children.push(instance);
  if (number >= max) setOrphan(instance);
  if (!instance.meta.has('clone-max')) instance.meta.set('clone-max', String(max));
  return instance;
}

/** At least one instance, so that what the history knows of finds its clone. */
function buildClone(draft: Draft, clone: DraftResource): DraftResource | undefined {
  do {
    if (addInstance(draft, clone) === undefined) return undefined;
  } while (clone.children.length < (clone.clone?.max ?? 0));
  return clone;
}

/**
 * A resource with everything in it. `undefined`: it cannot be understood and is left out; a group goes on without such
 * a member, a clone does not.
 */
export function build(
  draft: Draft,
  definition: ResourceDefinition,
  parent: DraftResource | undefined,
  instance: string | undefined,
): DraftResource | undefined {
  const source = sourceOf(draft, definition);
  if (source === undefined) return undefined;
  const resource = createResource(draft, source, parent, instance);
  switch (source.kind) {
    case 'primitive':
      return buildPrimitive(draft, resource, source);
    case 'group':
      return buildGroup(draft, resource, source, instance);
    case 'clone':
      return buildClone(draft, resource);
  }
}
