import type { NodeHistory } from '../../../model/index.ts';
import type { Draft, DraftNode, DraftResource } from '../unpack/draft.ts';
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
  'asyncmon',
]);

/** The newest feature set whose histories are understood in all: that of Pacemaker 2.1.5. */
const NEWEST_FEATURE_SET = '3.16.1';

export function reportFeatureSet(draft: Draft): void {
  const version = draft.input.document.fields['crm_feature_set'];
  if (version === undefined || compareVersions(version, NEWEST_FEATURE_SET) <= 0) return;
  draft.findings.push({
    code: 'unknown_feature_set',
    place: 'cib crm_feature_set',
    message: `The feature set '${version}' is newer than ${NEWEST_FEATURE_SET}; it is read as far as that goes`,
  });
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

export function reportOperation(
  draft: Draft,
  resource: DraftResource,
  node: DraftNode,
  { entry, task, outcome }: Operation,
): void {
  const place = `history of '${resource.id}' on '${node.name}' operation '${entry.id}'`;
  if (outcome === undefined) {
    const status = entry.fields['op-status'];
    draft.findings.push({
      code: status === undefined ? 'missing_field' : 'bad_value',
      place,
      message: 'How the operation went (op-status) is not recorded in a way that is known; it is left out',
    });
  } else if (!KNOWN_OPERATIONS.has(task)) {
    draft.findings.push({
      code: 'unknown_operation',
      place,
      message: `The operation '${task}' is not known; only whether it succeeded counts`,
    });
  }
}
