import { LINK, type Action, type LinkFlags, type Ordering } from '../../actions/action.ts';
import { actionKey } from '../../actions/key.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import { TASK } from '../../actions/task.ts';

/**
 * What comes after a resource's stop comes after its probes too: as long as it is not known whether it runs, nobody
 * knows whether it will have to be stopped.
 */
export function orderAfterProbes(builder: ActionBuilder): void {
  for (const ordering of builder.orderings) {
    const { first, then, flags } = ordering;
    if (flags === 0 || first.resource === undefined || first.resource === then.resource) continue;
    if (!isStop(ordering)) continue;
    const probes = builder.keyed(first.resource, actionKey(first.resource, TASK.monitor));
    if (probes.length === 0) continue;
    const kept = keptFlags(flags);
    for (const probe of probes) {
      for (const action of thenActions(builder, ordering)) {
        if (isProbedBefore(probe, action)) builder.link(probe, action, kept);
      }
    }
  }
}

function isStop({ first }: Ordering): boolean {
  if (first.action !== undefined) return first.action.task === TASK.stop;
  return first.key?.endsWith(`_${TASK.stop}_0`) === true;
}

function thenActions(builder: ActionBuilder, { then }: Ordering): readonly Action[] {
  if (then.action !== undefined) return [then.action];
  return then.resource === undefined || then.key === undefined ? [] : builder.keyed(then.resource, then.key);
}

function keptFlags(flags: LinkFlags): LinkFlags {
  if (flags === LINK.antiColocation || flags === LINK.load) return flags;
  return LINK.sequence | (flags & (LINK.unlessFirstMigrates | LINK.sameNode));
}

/** Probes go before everything but the unfencing of their node and the shutdown of another one. */
function isProbedBefore(probe: Action, then: Action): boolean {
  const isSameNode = probe.node !== undefined && probe.node === then.node;
  if (then.task === TASK.fence && isSameNode) return then.extra.get('stonith_action') !== 'on';
  if (then.task === TASK.shutDown && probe.node !== undefined && then.node !== undefined) return isSameNode;
  return true;
}
