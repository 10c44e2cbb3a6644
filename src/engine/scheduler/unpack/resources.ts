import type { AgentReference } from '../../../model/index.ts';
import { build, register } from './build.ts';
import type { Draft, DraftResource } from './draft.ts';
import { createResource } from './resource-draft.ts';
import { orphanSource } from './source.ts';
import { report } from './report.ts';

/** The resources of the definition, the highest priority first. */
export function readResources(draft: Draft): void {
  const built: DraftResource[] = [];
  for (const definition of draft.configuration.resources) {
    const resource = build(draft, definition, undefined, undefined);
    if (resource === undefined) {
      report(
        draft.pairs,
        'invalid_resource',
        `resource '${definition.id}'`,
        'It cannot be understood and is left out',
      );
    } else built.push(resource);
  }
  built.sort((left, right) => right.priority - left.priority);
  for (const resource of built) {
    draft.resources.push(resource);
    register(draft, resource);
  }
}

/**
 * A primitive that only the history knows: nothing is configured but the defaults. Whether it may stay is the caller's
 * to decide.
 */
export function createOrphan(draft: Draft, id: string, agent: AgentReference | undefined): DraftResource {
  const resource = createResource(draft, orphanSource(id, agent), undefined, undefined);
  resource.isOrphan = true;
  draft.resources.push(resource);
  register(draft, resource);
  return resource;
}
