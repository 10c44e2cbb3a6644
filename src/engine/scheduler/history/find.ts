import type { ResourceHistory } from '../../../model/index.ts';
import { INFINITY, equalsIgnoringCase } from '../rules/values.ts';
import { createInstance } from '../unpack/clone.ts';
import type { DraftNode, DraftResource } from '../unpack/draft.ts';
import { createOrphan } from '../unpack/resources.ts';
import { findByName, locationOf, partNamed, register, rename } from './catalogue.ts';
import { firstInstance, topOf, withoutInstance } from './names.ts';
import type { Reading } from './reading.ts';
import { addHistoryScoreEverywhere } from './scores.ts';

function isAnonymousClone(resource: DraftResource): boolean {
  return resource.kind === 'clone' && !resource.isUnique;
}

/** One more instance than the clone allows, for what runs nevertheless. */
function extraInstance(reading: Reading, clone: DraftResource, name: string): DraftResource | undefined {
  const instance = createInstance(reading.draft, clone);
  if (instance === undefined) return undefined;
  register(reading.catalogue, instance);
  return partNamed(reading.catalogue, instance, name);
}

interface Slots {
  readonly active: DraftResource | undefined;
  readonly idle: DraftResource | undefined;
}

function slotsOn(reading: Reading, clone: DraftResource, node: DraftNode, name: string): Slots {
  let idle: DraftResource | undefined;
  let isTaken = false;
  for (const instance of clone.children) {
    const location = locationOf(reading.catalogue, instance);
    if (location === node) {
      const part = partNamed(reading.catalogue, instance, name);
      if (part !== undefined && part.runningOn.length === 0) return { active: part, idle: undefined };
      // The node has several records of the clone, from a time when its instances had numbers: only the first counts.
      if (part !== undefined) isTaken = true;
    } else if (location === undefined && !isTaken && idle === undefined && !instance.isBlocked) {
      const part = partNamed(reading.catalogue, instance, name);
      const isPromised = part?.pendingNode !== undefined && part.pendingNode !== node;
      if (!isPromised) idle = part;
    }
  }
  return { active: undefined, idle: isTaken ? undefined : idle };
}

/**
 * Instances of an anonymous clone have no names of their own in the history; which one a node's record is given to: the
 * one that already runs there in part (a cloned group), the first idle one, or an extra one. Records of a node that is
 * lost take no number away where numbers are scarce and nothing waits for the fencing.
 */
function instanceOn(
  reading: Reading,
  clone: DraftResource,
  node: DraftNode,
  name: string,
): DraftResource | undefined {
  const { active, idle } = slotsOn(reading, clone, node, name);
  const found = active ?? idle;
  const isScarce = clone.clone?.max !== reading.draft.nodes.length;
  if (found === undefined || (!found.needs.fencing && (!node.isOnline || node.isUnclean) && isScarce)) {
    return extraInstance(reading, clone, name);
  }
  return found;
}

/** The resource that a node's record is about; undefined where the definition has none. */
export function findResource(reading: Reading, node: DraftNode, name: string): DraftResource | undefined {
  const { catalogue } = reading;
  let found = findByName(catalogue, name);
  if (found === undefined) {
    const first = findByName(catalogue, firstInstance(name));
    if (first !== undefined && !first.isUnique) found = first;
  }
  // A group or a clone has no operations of its own: it has taken the name of what was a primitive once.
  if (found === undefined || found.kind !== 'primitive') return undefined;
  const top = topOf(found);
  if (isAnonymousClone(top)) found = instanceOn(reading, top, node, withoutInstance(name));
  if (
    found !== undefined &&
    !equalsIgnoringCase(name, found.id) &&
    !equalsIgnoringCase(name, found.historyId)
  ) {
    rename(catalogue, found, name);
  }
  return found;
}

/** For a record of what is not defined (any more): to be stopped, or left alone where orphans are. */
export function adoptOrphan(reading: Reading, history: ResourceHistory): DraftResource {
  const { draft } = reading;
  const orphan = createOrphan(draft, history.id, history.agent);
  register(reading.catalogue, orphan);
  if (draft.settings.stopsOrphanResources) addHistoryScoreEverywhere(draft, orphan, -INFINITY);
  else orphan.isManaged = false;
  return orphan;
}
