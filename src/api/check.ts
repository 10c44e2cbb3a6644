import type { z } from 'zod';
import { failed, failure, success, type FailureCode, type Result } from '../model/index.ts';

/** Fields whose values have a failure code of their own. Anything else is `body_invalid` or `cluster_file_invalid`. */
const codes: Readonly<Record<string, FailureCode>> = {
  name: 'name_invalid',
  node: 'name_invalid',
  from: 'name_invalid',
  snapshot: 'name_invalid',
  preferredNode: 'name_invalid',
  size: 'size_invalid',
  iqn: 'iqn_invalid',
  initiators: 'iqn_invalid',
  management: 'address_invalid',
  cluster: 'address_invalid',
  replication: 'address_invalid',
  address: 'address_invalid',
  portals: 'address_invalid',
};

/** Where the body itself is no cluster file, these are names too; in the file they are whole objects. */
const namesOfBody: ReadonlySet<unknown> = new Set(['pool', 'target', 'hosts', 'readOnlyHosts']);

/** All that is in these has one code. */
const credentials: ReadonlySet<unknown> = new Set(['chap', 'mutualChap']);

const shownIssues = 5;

/**
 * Compares a value with its schema. The failure has the code of the first field that is wrong and names every
 * field (up to five); it never shows the value of one, which may be a secret.
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  /** Put before the paths, where the value itself is a field: `name`. */
  within: readonly string[] = [],
): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return success(parsed.data);
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...within, ...issue.path] }));
  const [first] = issues;
  if (first === undefined) return failed(failure('body_invalid', 'The body does not fit'));
  const shown = issues.slice(0, shownIssues).map(({ path, message }) => {
    const field = written(path);
    return field === '' ? message : `${field}: ${message}`;
  });
  const more = issues.length - shown.length;
  const message = shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
  return failed(failure(codeOf(first.path, isMissing(value, first.path, within.length)), message));
}

function codeOf(path: readonly PropertyKey[], missing: boolean): FailureCode {
  const general = path[0] === 'file' ? 'cluster_file_invalid' : 'body_invalid';
  if (missing) return general;
  if (credentials.has(path[0])) return 'chap_invalid';
  if (namesOfBody.has(path[0])) return 'name_invalid';
  const field = path.findLast((part) => typeof part === 'string');
  return (field === undefined ? undefined : codes[field]) ?? general;
}

/** A field that is not there at all has no wrong value: the body as a whole does not fit. */
function isMissing(value: unknown, path: readonly PropertyKey[], skipped: number): boolean {
  let inner = value;
  for (const part of path.slice(skipped)) {
    if (typeof inner !== 'object' || inner === null) return false;
    inner = (inner as Record<PropertyKey, unknown>)[part];
  }
  return inner === undefined;
}

/** `file.nodes[1].fence.port` */
function written(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
