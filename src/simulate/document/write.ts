import type { ClusterDocument } from '../../model/index.ts';
import type { DocumentFormat } from './read.ts';

/**
 * The cluster as text. The crm shell's syntax has no words for the status and for the fields of the document itself:
 * they are left out. `isExact`: in it, keep even ids that nothing can refer to.
 */
export const writeDocument = async (
  document: ClusterDocument,
  format: DocumentFormat,
  { isExact = false } = {},
): Promise<string> => {
  switch (format) {
    case 'cib':
      return (await import('../../formats/cib/index.ts')).writeCib(document);
    case 'crm':
      return (await import('../../formats/crm/index.ts')).writeCrm(document.configuration, { isExact });
    case 'json':
      return `${JSON.stringify(document, undefined, 2)}\n`;
  }
};
