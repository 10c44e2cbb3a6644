import { explain as explainResource, explanationText } from '../../simulate/index.ts';
import { readCluster, tellFindings, type DocumentOptions } from '../cluster-document.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { decide, take } from '../decide.ts';

export interface ExplainOptions extends DocumentOptions {
  readonly at?: string;
}

/** Why a resource is where it is, why not elsewhere, and what would have to change. */
export async function explain(
  session: Session,
  resource: string,
  node: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  const read = await readCluster(session, undefined, options);
  const simulation = decide(read, options.at, {});
  const explanation = take(explainResource(simulation, resource, node));
  tellFindings(session, read.name, [...read.findings, ...simulation.findings]);
  if (session.json) printJson(session.output, explanation);
  else session.output.print(explanation.parts.map(explanationText).join('\n\n'));
}
