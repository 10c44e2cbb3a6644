import {
  failed,
  failure,
  type ClusterConfig,
  type Condition,
  type Result,
  type TaggedSection,
} from '../../model/index.ts';
import { canonical } from './canonical.ts';
import { leaveOut } from './leave-out.ts';

/** What becomes of an object by itself: a tag is about what people asked for. */
const ownCourse: Readonly<Record<TaggedSection, readonly string[]>> = {
  luns: ['state', 'operation', 'source'],
  snapshots: ['state', 'operation', 'volume'],
  hosts: [],
  targets: [],
  pools: ['state', 'solo', 'soloSince', 'split', 'recovery', 'sharedSecret'],
  nodes: [],
};

/** Long enough that no two states of an object ever share one. */
const TAG_LENGTH = 32;

/**
 * The tag of an object as it is configured, without quotes; undefined where it is not there. The same on every node, and
 * the same again where an object is changed back. Who serves it, or is logged in, is no part of it.
 */
export function etagOf(
  config: ClusterConfig,
  section: TaggedSection,
  name: string,
  digest: (text: string) => string,
): string | undefined {
  const items = (config[section] ?? {}) as Readonly<Record<string, object>>;
  const item = Object.hasOwn(items, name) ? items[name] : undefined;
  if (item === undefined) return undefined;
  const own = ownCourse[section];
  const asked = own.length === 0 ? item : leaveOut(item as Record<string, unknown>, ...own);
  return digest(`${salt(config)} ${section} ${canonical(asked)}`).slice(0, TAG_LENGTH);
}

/** A host has secrets, which nobody may try to guess by its tag. */
function salt({ pools }: ClusterConfig): string {
  const [oldest] = Object.values(pools).sort((one, other) => one.minor - other.minor);
  return oldest?.sharedSecret ?? '';
}

/** Why an entry does not count: judged at its turn in the log, so that of two that race one at most finds it so. */
export function unmet(
  config: ClusterConfig,
  condition: Condition | undefined,
  digest: (text: string) => string,
): Result<never> | undefined {
  if (condition === undefined) return undefined;
  const { section, name, tags } = condition;
  const etag = etagOf(config, section, name, digest);
  // Of what is not there, the command itself says what that means: deleted once more, it is still not there.
  if (etag === undefined || tags.includes('*') || tags.includes(etag)) return undefined;
  return failed({
    ...failure('precondition_failed', `${name} was changed in the meantime; its ETag is "${etag}" now`),
    etag,
  });
}
