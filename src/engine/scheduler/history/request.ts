import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { condemn } from './fencing.ts';
import type { Reading } from './reading.ts';

/** Asks for a stop of `resource` on `node`. A node that is away cannot stop anything: it is condemned. */
export function requestStop({ draft, stopping }: Reading, resource: DraftResource, node: DraftNode): void {
  if (!node.isOnline && resource.isManaged) condemn(draft, node, 'stop is unrunnable');
  stopping.add(resource);
  draft.requested.push({ kind: 'stop', resource, node, isRequired: resource.isManaged });
}

/** It is stopped there, so that what was asked for before is not needed any more. */
export function withdrawStop({ draft, stopping }: Reading, resource: DraftResource, node: DraftNode): void {
  if (stopping.has(resource)) {
    draft.requested.push({ kind: 'stop-not-needed', resource, node, isRequired: false });
  }
}

export function requestDemotion({ draft }: Reading, resource: DraftResource, node: DraftNode): void {
  draft.requested.push({ kind: 'demote', resource, node, isRequired: resource.isManaged });
}
