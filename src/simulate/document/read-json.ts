import type { ClusterDocument, Finding, NodeHistory } from '../../model/index.ts';
import type { ReadResult } from '../../formats/cib/index.ts';
import { documentShape } from './document-shape.ts';
import { findJsonMistake } from './json-mistake.ts';
import { fit } from './shape.ts';

/**
 * Reads a `ClusterDocument` as `JSON.stringify` writes it, or anything that carries one as its field `document`, such
 * as the answer of `keelson simulate --json`. Places are paths: `configuration.resources[2].meta`.
 */
export const readJson = (text: string): ReadResult => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, finding: malformed(text) };
  }
  const findings: Finding[] = [];
  const inner = isCarrier(value) ? value.document : value;
  const document = fit(documentShape, inner, '', (code, place, message) =>
    findings.push({ code, place: place.replace(/^\./, '') || 'document', message }),
  ) as Readable | undefined;
  if (document === undefined) {
    const [first] = findings.toReversed();
    return {
      ok: false,
      finding: {
        code: 'syntax_error',
        place: first?.place ?? 'document',
        message: `This JSON is no cluster: ${first?.message ?? ''}`,
        line: 1,
        column: 1,
      },
    };
  }
  return {
    ok: true,
    document: { ...document, fields: document.fields ?? {}, nodes: document.nodes.map(withResources) },
    findings,
  };
};

/** People may leave out what a new cluster has none of. */
type Readable = Omit<ClusterDocument, 'fields'> & Partial<Pick<ClusterDocument, 'fields'>>;

const isCarrier = (value: unknown): value is { readonly document: unknown } =>
  typeof value === 'object' && value !== null && 'document' in value && !('configuration' in value);

/** JSON has no `undefined`: where the field is not there, there is no part for resources. */
const withResources = (node: NodeHistory): NodeHistory => ({
  ...node,
  resources: (node as Partial<NodeHistory>).resources,
});

const malformed = (text: string): Finding => {
  const { line, column, message } = findJsonMistake(text) ?? {
    line: 1,
    column: 1,
    message: 'it cannot be read',
  };
  return {
    code: 'syntax_error',
    place: `line ${line}, column ${column}`,
    message: `This is not well-formed JSON: ${message}.`,
    line,
    column,
  };
};
