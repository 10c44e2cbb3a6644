import { failure, type ClusterConfig, type Failure, type NodeName, type Result } from '../model/index.ts';
import type { KnownChange } from '../engine/index.ts';
import type { StoredLog } from '../ports/index.ts';
import { restore } from './restore.ts';

/** What this node finds on its own disk about itself. */
export type Identity =
  | { readonly kind: 'unformed' }
  /** It is a member, or was one, and may not act: what it knew cannot be read, or is not its own. */
  | { readonly kind: 'damaged'; readonly failure: Failure }
  | {
      readonly kind: 'member';
      readonly node: NodeName;
      readonly config: ClusterConfig;
      /** Why the configuration is only the newest that could be read; undefined where it is whole. */
      readonly damage: Failure | undefined;
      /** In the log behind its snapshot, as far as they are known. */
      readonly changes: readonly KnownChange[];
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
  if (!loaded.ok) return { kind: 'damaged', failure: loaded.failure };
  const restored = restore(loaded.value, digest);
  switch (restored.kind) {
    case 'none':
      // An incomplete header alone may be what a crash left of the first write.
      if (name === undefined) return { kind: 'unformed' };
      return lost(name, 'the configuration of its cluster is not on its disk any more');
    case 'unusable': {
      const { code, message } = restored.failure;
      return code === 'store_damaged'
        ? lost(name ?? 'this node', message)
        : { kind: 'damaged', failure: restored.failure };
    }
    case 'whole':
    case 'part': {
      const node = name ?? hostName;
      const { config, changes } = restored;
      if (config.nodes[node] === undefined)
        return {
          kind: 'damaged',
          failure: failure('store_foreign', `the configuration on disk has no node ${node}`),
        };
      const damage = restored.kind === 'part' ? restored.failure : undefined;
      return { kind: 'member', node, config, damage, changes };
    }
  }
}

const lost = (name: string, message: string): Identity => ({
  kind: 'damaged',
  failure: failure('store_damaged', `${name} cannot know its cluster: ${message}`),
});
