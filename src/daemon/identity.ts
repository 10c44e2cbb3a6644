import type { ClusterConfig, NodeName, Result } from '../model/index.ts';
import type { StoredLog } from '../ports/index.ts';
import { restore } from './restore.ts';

/** What this node finds on its own disk about itself. */
export type Identity =
  | { readonly kind: 'unformed' }
  /** It is a member, or was one, and may not act: what it knew cannot be read. */
  | { readonly kind: 'damaged'; readonly reason: string }
  | {
      readonly kind: 'member';
      readonly node: NodeName;
      readonly config: ClusterConfig;
      /** In the log behind its snapshot. */
      readonly entries: number;
    };

/**
 * A configuration makes a member. One without a name is left by a crash between the two: then the name is the host's,
 * which is what the name had to be. A name without a configuration is a member that has lost it.
 */
export function whoIsThis(
  loaded: Result<StoredLog>,
  name: NodeName | undefined,
  hostName: string,
  digest: (text: string) => string,
): Identity {
  if (!loaded.ok) return { kind: 'damaged', reason: loaded.failure.message };
  const { damage, entries } = loaded.value;
  const restored = restore(loaded.value, digest);
  if (!restored.ok) return { kind: 'damaged', reason: restored.failure.message };
  const config = restored.value;
  if (config === undefined) {
    // A damaged log was one once; an incomplete header alone may be what a crash left of the first write.
    if (name === undefined && damage === undefined) return { kind: 'unformed' };
    const lost = damage ?? 'the configuration of its cluster is not on its disk any more';
    return { kind: 'damaged', reason: `${name ?? 'this node'} cannot know its cluster: ${lost}` };
  }
  const node = name ?? hostName;
  if (config.nodes[node] === undefined)
    return { kind: 'damaged', reason: `the configuration on disk has no node ${node}` };
  return { kind: 'member', node, config, entries: entries.length };
}
