import type { Finding } from '../../model/index.ts';
import type { ClusterDocument } from '../../model/index.ts';

/** `cib`: Pacemaker's XML. `crm`: the crm shell's configuration syntax. `json`: a `ClusterDocument`. */
export const documentFormats = ['cib', 'crm', 'json'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export type ReadDocument =
  | {
      readonly ok: true;
      readonly format: DocumentFormat;
      readonly document: ClusterDocument;
      readonly findings: readonly Finding[];
    }
  | { readonly ok: false; readonly format: DocumentFormat; readonly finding: Finding };

/** By its first sign: no statement of the crm shell begins with a bracket. */
export const formatOf = (text: string): DocumentFormat => {
  const [first] = text.trimStart();
  if (first === '<') return 'cib';
  return first === '{' || first === '[' ? 'json' : 'crm';
};

/**
 * Reads a cluster in any of the forms it is written in. A text that is not well formed gives one finding with its line
 * and column; of any other, what cannot be understood is left out, with a finding each.
 */
export const readDocument = async (text: string, asked?: DocumentFormat): Promise<ReadDocument> => {
  const clean = text.replace(/^\u{feff}/u, '');
  const format = asked ?? formatOf(clean);
  const result = await readAs(clean, format);
  return { ...result, format };
};

const readAs = async (text: string, format: DocumentFormat) => {
  switch (format) {
    case 'cib':
      return (await import('../../formats/cib/index.ts')).readCib(text);
    case 'crm':
      return (await import('../../formats/crm/index.ts')).readCrm(text);
    case 'json':
      return (await import('./read-json.ts')).readJson(text);
  }
};
