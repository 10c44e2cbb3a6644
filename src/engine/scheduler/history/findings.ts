import type { NodeHistory } from '../../../model/index.ts';
import type { Draft, DraftNode, DraftResource } from '../unpack/draft.ts';
import { report } from '../unpack/report.ts';
import type { Operation } from './operation.ts';
import { compareVersions } from './version.ts';

const KNOWN_OPERATIONS = new Set([
  'start',
  'stop',
  'promote',
  'demote',
  'monitor',
  'notify',
  'migrate_to',
  'migrate_from',
  'reload',
  'reload-agent',
  'meta-data',
  'validate-all',
  // No agent's, but simulations record that they ended a monitor.
  'cancel',
  // A failure that somebody reported by hand; the older word and the newer one.
  'fail',
  'asyncmon',
]);

/** The newest feature set whose histories are understood in all: that of Pacemaker 2.1.5. */
const NEWEST_FEATURE_SET = '3.16.1';

export function reportFeatureSet(draft: Draft): void {
  const version = draft.input.document.fields['crm_feature_set'];
  if (version !== undefined) reportVersion(draft, 'cib crm_feature_set', version);
}

function reportVersion(draft: Draft, place: string, version: string): void {
  if (!/^\d+(\.\d+)*/.test(version)) {
    report(draft.pairs, 'unknown_feature_set', place, `The feature set '${version}' is no version`);
  } else if (compareVersions(version, NEWEST_FEATURE_SET) > 0) {
    const message = `The feature set '${version}' is newer than ${NEWEST_FEATURE_SET}; it is read as far as that goes`;
    report(draft.pairs, 'unknown_feature_set', place, message);
  }
}

/** A node's record that is nobody's. */
export function reportNodeHistory(draft: Draft, { id, uname }: NodeHistory): void {
  draft.findings.push(
    uname === undefined
      ? {
          code: 'missing_field',
          place: `node_state '${id}'`,
          message: 'The record has no uname; it is left out',
        }
      : {
          code: 'unknown_reference',
          place: `node_state '${id}'`,
          message: `There is no node '${uname}' (any more); its record is left out`,
        },
  );
}

/** Whether a recorded operation can be understood at all; what cannot is told, and left out. */
export function isUnderstood(
  draft: Draft,
  resource: DraftResource,
  node: DraftNode,
  { entry, task, outcome }: Operation,
): boolean {
  const place = `history of '${resource.id}' on '${node.name}' operation '${entry.id}'`;
  const version = entry.fields['crm_feature_set'];
  if (version !== undefined) reportVersion(draft, `history of node '${node.name}'`, version);
  const exit = entry.fields['rc-code'];
  if (outcome === undefined) {
    const status = entry.fields['op-status'];
    draft.findings.push({
      code: status === undefined ? 'missing_field' : 'bad_value',
      place,
      message: 'How the operation went (op-status) is not recorded in a way that is known; it is left out',
    });
    // Nothing of it counts any more, but that it was there.
    return true;
  }
  if (exit !== undefined && !/^\s*[+-]?\d/.test(exit)) {
    const message = `The exit code '${exit}' is no number; the operation is left out`;
    draft.findings.push({ code: 'bad_value', place, message });
    return false;
  }
  if (KNOWN_OPERATIONS.has(task)) return true;
  const message = `The operation '${task}' is not known; it is left out`;
  draft.findings.push({ code: 'unknown_operation', place, message });
  return false;
}
