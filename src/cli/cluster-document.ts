import { readFileSync } from 'node:fs';
import type { ClusterDocument, Finding } from '../model/index.ts';
import { documentFormats, readDocument, type DocumentFormat } from '../simulate/index.ts';
import { CliFailure, usage } from './failures.ts';
import { printable } from './output.ts';
import type { Session } from './program.ts';

/** Options with which a cluster is named. */
export interface DocumentOptions {
  readonly cib?: string;
  readonly from?: string;
}

export interface NamedDocument {
  /** For findings: `FILE`, `standard input`. */
  readonly name: string;
  readonly format: DocumentFormat;
  readonly document: ClusterDocument;
  readonly findings: readonly Finding[];
}

const standardInput = '-';

/** Reads the cluster that is to be looked at. A text that is not well formed ends the command. */
export async function readCluster(
  session: Session,
  file: string | undefined,
  options: DocumentOptions,
): Promise<NamedDocument> {
  const path = onePath(file, options.cib);
  if (path === undefined) return liveCluster(session);
  const name = path === standardInput ? 'standard input' : path;
  const format = options.from === undefined ? undefined : formatNamed('--from', options.from);
  const read = await readDocument(readText(path), format);
  if (!read.ok) throw new CliFailure('document_invalid', findingLine(name, read.finding));
  return { name, ...read };
}

/** What the cluster itself would plan on. */
async function liveCluster(session: Session): Promise<NamedDocument> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/cluster/document' });
  const name = 'the cluster';
  const read = await readDocument(JSON.stringify(body), 'json');
  if (!read.ok) throw new CliFailure('internal', findingLine(name, read.finding));
  return { name, ...read };
}

function onePath(file: string | undefined, cib: string | undefined): string | undefined {
  if (file !== undefined && cib !== undefined)
    throw usage(`${file} and --cib ${cib} name two files; give one of them`);
  return file ?? cib;
}

export function formatNamed(option: string, word: string): DocumentFormat {
  const known = documentFormats.find((format) => format === word);
  if (known === undefined) throw usage(`${option} is one of ${documentFormats.join(', ')}, not ${word}`);
  return known;
}

/** The form in which a file of this name is written. */
export function formatOfName(path: string): DocumentFormat {
  if (path.endsWith('.xml')) return 'cib';
  return path.endsWith('.crm') ? 'crm' : 'json';
}

export function readText(path: string): string {
  try {
    return readFileSync(path === standardInput ? 0 : path, 'utf8');
  } catch (problem) {
    throw usage(`${path} cannot be read: ${(problem as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}

/** A line for each finding, in the form that editors know: `FILE:LINE:COLUMN: warning: ...`. */
export function tellFindings(session: Session, name: string, findings: readonly Finding[]): void {
  for (const finding of findings) session.output.tell(`warning: ${findingLine(name, finding)}`);
}

function findingLine(name: string, { code, place, message, line, column }: Finding): string {
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const where = place.startsWith('line ') ? '' : `${printable(place)}: `;
  return `${name}${position}: ${where}${printable(message)} (${code})`;
}
