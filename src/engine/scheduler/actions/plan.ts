import { failCount } from '../history/failures.ts';
import type { ParameterCheck } from '../unpack/unpacked.ts';
import type { Resource } from '../unpack/resource.ts';
import { LINK } from './action.ts';
import { checkDefinition } from './changes.ts';
import { planResource } from './collective.ts';
import { compareDigest } from './digest.ts';
import { actionKey } from './key.ts';
import { clearFailures } from './make.ts';
import { planProbes } from './probe.ts';
import type { ActionBuilder } from './table.ts';
import { TASK } from './task.ts';

export { planConfigurationChanges } from './changes.ts';
export { planFromHistory } from './history.ts';
export { planFencingAndShutdowns } from './shutdown.ts';

/** Plans what every resource needs to get where the third phase wants it, after looking where its state is unknown. */
export function planResources(builder: ActionBuilder): void {
  const { resources, scored } = builder.assigned;
  const { settings, parameterChecks } = scored.unpacked;
  builder.adoptAssignment();
  for (const check of parameterChecks) checkParameters(builder, check);
  if (settings.probes) planProbes(builder);
  if (settings.stopsOrphanResources) {
    for (const resource of resources) forgetFailuresOfOrphan(builder, resource);
  }
  for (const resource of resources) planResource(builder, resource);
}

function checkParameters(builder: ActionBuilder, { resource, node, entry, kind }: ParameterCheck): void {
  const { unpacked } = builder.assigned.scored;
  let isOver: boolean;
  if (kind === 'active') {
    isOver =
      checkDefinition(builder, resource, node, entry) &&
      failCount(unpacked, resource, node, { isEffective: true }) !== 0;
  } else {
    const { outcome } = compareDigest(unpacked, resource, node, entry);
    isOver = outcome === 'restart' || outcome === 'all';
  }
  if (isOver) clearFailures(builder, resource, node);
}

/** What is no longer defined has no use for its failures. */
function forgetFailuresOfOrphan(builder: ActionBuilder, resource: Resource): void {
  if (!resource.isOrphan) return;
  const { unpacked } = builder.assigned.scored;
  for (const node of unpacked.nodes) {
    if (!node.isOnline || failCount(unpacked, resource, node, { isEffective: true }) === 0) continue;
    const clearing = clearFailures(builder, resource, node);
    builder.request(
      { resource, key: undefined, action: clearing },
      { resource, key: actionKey(resource, TASK.stop), action: undefined },
      LINK.sequence,
    );
  }
}
