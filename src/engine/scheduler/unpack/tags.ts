import type { PrimitiveDefinition } from '../../../model/index.ts';
import type { Draft } from './draft.ts';

function primitivesOf(draft: Draft): readonly PrimitiveDefinition[] {
  return draft.configuration.resources.flatMap((resource) => {
    const inner = resource.kind === 'clone' ? resource.child : resource;
    return inner.kind === 'group' ? inner.members : [inner];
  });
}

/**
 * Ids that stand for several things: tags, and templates for the resources made of them. A template comes before a tag
 * of the same id; one that nothing is made of stands for nothing.
 */
export function readTags(draft: Draft): void {
  const tags = new Map<string, string[]>();
  for (const { id } of draft.configuration.templates) tags.set(id, []);
  for (const { id, template } of primitivesOf(draft)) {
    if (template !== undefined && template !== id) tags.get(template)?.push(id);
  }
  for (const { id, references } of draft.configuration.tags) {
    if (draft.templates.has(id)) continue;
    const known = tags.get(id) ?? [];
    tags.set(id, [...new Set([...known, ...references])]);
  }
  for (const [id, references] of tags) draft.tags.set(id, references);
}
