import type { ClusterDocument, Finding } from '../../model/index.ts';
import { readConfiguration } from './read-configuration.ts';
import { readStatus } from './read-status.ts';
import { Reader } from './reader.ts';
import { readXml } from './xml.ts';

export type ReadResult =
  | { readonly ok: true; readonly document: ClusterDocument; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly finding: Finding };

/**
 * Reads a cluster information base (`<cib>`), as `cibadmin --query` prints it. Text that is not well formed, or no
 * `<cib>`, gives one finding and nothing else; parts that cannot be understood are left out, with a finding each.
 * Names: Pacemaker Explained, "Configuration" and "Status".
 */
export function readCib(text: string): ReadResult {
  const xml = readXml(text);
  if (!xml.ok) return xml;
  const { root } = xml;
  if (root.name !== 'cib') {
    const { line, column } = root;
    return {
      ok: false,
      finding: {
        code: 'syntax_error',
        place: `line ${line}, column ${column}`,
        message: `The outermost element is <${root.name}>, not <cib>.`,
        line,
        column,
      },
    };
  }
  const reader = new Reader();
  const child = (name: string) => root.children.find((element) => element.name === name);
  const { nodes, tickets } = readStatus(reader, child('status'));
  return {
    ok: true,
    document: {
      fields: root.attributes,
      configuration: readConfiguration(reader, child('configuration')),
      nodes,
      tickets,
    },
    findings: reader.findings,
  };
}
