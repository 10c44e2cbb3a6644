import type { Configuration, PrimitiveDefinition, ResourceDefinition } from '../../model/index.ts';
import type { Resource } from '../../engine/scheduler/unpack/resource.ts';

const primitivesOf = (definition: ResourceDefinition): readonly PrimitiveDefinition[] => {
  switch (definition.kind) {
    case 'primitive':
      return [definition];
    case 'group':
      return definition.members;
    case 'clone':
      return primitivesOf(definition.child);
  }
};

/** What the administrator says of a primitive, where anything. */
export const descriptionOf = (configuration: Configuration, resource: Resource): string | undefined => {
  const ids = new Set([resource.id, resource.id.replace(/:\d+$/, '')]);
  for (const definition of configuration.resources) {
    const found = primitivesOf(definition).find(({ id }) => ids.has(id));
    if (found !== undefined) return found.description;
  }
  return undefined;
};
