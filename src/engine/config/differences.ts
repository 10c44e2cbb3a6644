import { isSecretOption, type ClusterConfig, type ConfigDifference } from '../../model/index.ts';
import { canonical } from './canonical.ts';
import { withoutKeys } from './keys.ts';

export const HIDDEN = '(hidden)';

/** Texts under such names are secrets, wherever they stand; so is all below `secrets`. */
const SECRET = /passw|passphrase|secret|community|(auth|authentication|privacy|private)key/i;

/** What a fence agent's option is called tells as much, for people may have put it beside the secrets. */
const isSecretName = (name: string, above: string | undefined): boolean =>
  SECRET.test(name) || (above === 'options' && isSecretOption(name));

/** What stands at the head of every comparison, or is the engine's own book-keeping. */
const LEFT_OUT: ReadonlySet<string> = new Set(['revision', 'generation', 'operations', 'fencing', 'keys']);

/** The configuration for people to see. */
export const withoutSecrets = (config: ClusterConfig): Readonly<Record<string, unknown>> =>
  hidden(withoutKeys(config)) as Record<string, unknown>;

function hidden(value: unknown, isSecret = false, above?: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => hidden(inner, isSecret, above));
  if (!isObject(value)) return isSecret && typeof value === 'string' ? HIDDEN : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      hidden(inner, isSecret || isSecretName(name, above), name),
    ]),
  );
}

/**
 * Value by value what makes `after` of `before`, in the order of the paths. Revision, generation and the records of
 * operations are left out. Secrets that differ are told to differ, and not shown.
 */
export function differences(before: ClusterConfig, after: ClusterConfig): readonly ConfigDifference[] {
  const found: ConfigDifference[] = [];
  const sections = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const section of [...sections].filter((name) => !LEFT_OUT.has(name)).sort())
    compare(found, [section], fieldOf(before, section), fieldOf(after, section));
  return found;
}

function compare(found: ConfigDifference[], path: readonly string[], before: unknown, after: unknown): void {
  if (before === after) return;
  const isWide = (value: unknown): boolean => value === undefined || isObject(value);
  if (isWide(before) && isWide(after)) {
    const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
    for (const name of [...names].sort())
      compare(found, [...path, name], fieldOf(before, name), fieldOf(after, name));
    return;
  }
  const [old, fresh] = [written(before), written(after)];
  if (old === fresh) return;
  const isSecret =
    path.some((name, index) => isSecretName(name, path[index - 1])) &&
    (typeof before === 'string' || typeof after === 'string');
  const show = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : isSecret ? HIDDEN : text;
  found.push({
    kind: old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed',
    path: path.join('.'),
    before: show(old),
    after: show(fresh),
  });
}

const written = (value: unknown): string | undefined => (value === undefined ? undefined : canonical(value));

const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
