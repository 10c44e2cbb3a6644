import { writeDocument } from '../../simulate/index.ts';
import { formatNamed, readCluster, tellFindings } from '../cluster-document.ts';
import { CliFailure } from '../failures.ts';
import type { Session } from '../program.ts';

export interface ConvertOptions {
  readonly to: string;
  readonly from?: string;
  readonly exact?: boolean;
}

/** A cluster in another form, on standard output. */
export async function convert(session: Session, file: string, options: ConvertOptions): Promise<void> {
  const format = formatNamed('--to', options.to);
  const { name, document, findings } = await readCluster(session, file, options);
  tellFindings(session, name, findings);
  const isExact = options.exact === true;
  if (isExact && findings.length > 0)
    throw new CliFailure('document_invalid', `${name}: what the warnings name would be lost`);
  if (format === 'crm' && (document.nodes.length > 0 || document.tickets.length > 0))
    session.output.tell('warning: the crm shell’s syntax has no words for the status; it is left out');
  session.output.print((await writeDocument(document, format, { isExact })).replace(/\n$/, ''));
}
