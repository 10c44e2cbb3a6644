import type { ScheduleInput } from '../input.ts';
import { addScores, parseScore } from '../rules/values.ts';
import type { Node } from '../unpack/node.ts';
import { withoutInstance } from './names.ts';
import { readMoment } from './operation.ts';
import { compareVersions } from './version.ts';

export interface FailCount {
  count: number;
  /** When the last failure was, seconds since 1970; 0: not recorded. */
  last: number;
}

/** What a node's attributes say of failures, by the name that resources have in them. */
interface FailCounts {
  /** With instance numbers, as the instances of unique clones are counted. */
  readonly exact: ReadonlyMap<string, FailCount>;
  /** Without: anonymous instances count together. */
  readonly together: ReadonlyMap<string, FailCount>;
}

const COUNT = 'fail-count-';
const LAST = 'last-failure-';
const OPERATION = /^.+_[0-9]+$/;

/** Since then each operation is counted by itself: `fail-count-drbd#monitor_10000`. */
const PER_OPERATION_SINCE = '3.0.13';

/** The resource that an attribute `fail-count-RESOURCE#OPERATION_INTERVAL` is about. */
function resourceIn(name: string, isPerOperation: boolean): string | undefined {
  if (!isPerOperation) return name;
  const hash = name.indexOf('#');
  return hash > 0 && OPERATION.test(name.slice(hash + 1)) ? name.slice(0, hash) : undefined;
}

function add(counts: Map<string, FailCount>, resource: string, count: number, last: number): void {
  const known = counts.get(resource);
  if (known === undefined) {
    counts.set(resource, { count, last });
    return;
  }
  known.count = addScores(known.count, count);
  known.last = Math.max(known.last, last);
}

function readFailCounts(attributes: ReadonlyMap<string, string>, isPerOperation: boolean): FailCounts {
  const exact = new Map<string, FailCount>();
  const together = new Map<string, FailCount>();
  for (const [name, value] of attributes) {
    const prefix = [COUNT, LAST].find((start) => name.startsWith(start));
    if (prefix === undefined) continue;
    const resource = resourceIn(name.slice(prefix.length), isPerOperation);
    if (resource === undefined) continue;
    const count = prefix === COUNT ? parseScore(value) : 0;
    const last = prefix === LAST ? (readMoment(value) ?? 0) : 0;
    add(exact, resource, count, last);
    add(together, withoutInstance(resource), count, last);
  }
  return { exact, together };
}

const known = new WeakMap<ReadonlyMap<string, string>, FailCounts>();

/** Attributes do not change once the nodes have been read, so each node's are gone through once. */
function failCountsOn(input: ScheduleInput, { attributes }: Pick<Node, 'attributes'>): FailCounts {
  const found = known.get(attributes);
  if (found !== undefined) return found;
  const version = input.document.fields['crm_feature_set'];
  const counts = readFailCounts(attributes, compareVersions(version ?? '', PER_OPERATION_SINCE) >= 0);
  known.set(attributes, counts);
  return counts;
}

interface Counted {
  readonly id: string;
  readonly historyId: string | undefined;
  readonly isUnique: boolean;
}

/** All failures of a resource on a node, however old. */
export function recordedFailures(
  input: ScheduleInput,
  { id, historyId, isUnique }: Counted,
  node: Pick<Node, 'attributes'>,
): Readonly<FailCount> {
  const name = historyId ?? id;
  const counts = failCountsOn(input, node);
  const found = isUnique ? counts.exact.get(name) : counts.together.get(withoutInstance(name));
  return found ?? { count: 0, last: 0 };
}
