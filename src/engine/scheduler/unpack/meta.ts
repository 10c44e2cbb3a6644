import type { Subject } from '../rules/evaluation.ts';
import type { Draft, DraftResource } from './draft.ts';
import { mergePairs } from './pairs.ts';
import type { Source } from './source.ts';

/** Adds what is not there yet. */
function addMissing(values: Map<string, string>, more: ReadonlyMap<string, string>): void {
  for (const [name, value] of more) if (!values.has(name)) values.set(name, value);
}

/** What parents have written themselves, the nearest first: it counts before the defaults for all resources. */
function writtenByParents(
  draft: Draft,
  parent: DraftResource,
  subject: Subject,
): ReadonlyMap<string, string> {
  const written = new Map<string, string>();
  for (let next: DraftResource | undefined = parent; next !== undefined; next = next.parent) {
    mergePairs(draft.pairs, 'meta', draft.sources.get(next)?.meta ?? [], subject, written);
  }
  return written;
}

/**
 * Meta attributes of a resource. What counts, first to last: the fields of the resource itself (id, class, ...), its
 * own sets with those of its template, what its parents wrote, the defaults for all resources, and whatever else its
 * parent has ("Pacemaker Explained", resource meta-attributes and defaults).
 */
export function readMeta(
  draft: Draft,
  source: Source,
  parent: DraftResource | undefined,
  instance: string | undefined,
): Map<string, string> {
  const meta = new Map<string, string>([['id', source.id]]);
  if (instance !== undefined) meta.set('clone', instance);
  const { agent } = source;
  if (agent !== undefined) {
    meta.set('class', agent.standard);
    if (agent.provider !== undefined) meta.set('provider', agent.provider);
    meta.set('type', agent.type);
  }
  const subject: Subject = { agent: agent ?? {} };
  mergePairs(draft.pairs, 'meta', source.meta, subject, meta);
  if (parent !== undefined) addMissing(meta, writtenByParents(draft, parent, subject));
  mergePairs(draft.pairs, 'meta', draft.configuration.resourceDefaults, subject, meta);
  if (parent !== undefined) addMissing(meta, parent.meta);
  return meta;
}
