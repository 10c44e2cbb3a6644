import { writeFileSync } from 'node:fs';
import {
  outputFormats,
  parseInjection,
  parseResult,
  render,
  resultingDocument,
  writeDocument,
  type InjectionOption,
  type OutputFormat,
} from '../../simulate/index.ts';
import { decide, take } from '../decide.ts';
import { usage } from '../failures.ts';
import { formatOfName, readCluster, tellFindings, type DocumentOptions } from '../cluster-document.ts';
import type { Session } from '../program.ts';

export interface SimulateOptions extends DocumentOptions {
  readonly format?: string;
  readonly at?: string;
  readonly run?: boolean;
  readonly opFail?: readonly string[];
  readonly scores?: boolean;
  readonly explain?: boolean;
  readonly save?: string;
}

/** What the command line said of events, in the order in which it said it. */
export type Events = readonly (readonly [InjectionOption, string])[];

/** What the cluster would do. Nothing is changed by it: not the cluster, not the file. */
export async function simulate(
  session: Session,
  file: string | undefined,
  options: SimulateOptions,
  events: Events,
): Promise<void> {
  const format = outputFormatOf(session, options);
  const injections = events.map(([option, value]) => take(parseInjection(option, value)));
  const failures = (options.opFail ?? []).map((text) => take(parseResult(text)));
  const read = await readCluster(session, file, options);
  const simulation = decide(read, options.at, {
    events: injections,
    failures,
    run: options.run === true || format === 'pacemaker',
    withScores: options.scores === true,
  });
  tellFindings(session, read.name, [...read.findings, ...simulation.findings]);
  if (simulation.executed !== undefined && simulation.executed.execution.outcome === 'stuck')
    session.output.tell('warning: the steps wait for each other, or for what is no part of the transition');
  session.output.print(
    (
      await render(simulation, format, {
        withScores: options.scores === true,
        withExplanations: options.explain === true,
        at: options.at,
        readFindings: read.findings,
      })
    ).replace(/\n$/, ''),
  );
  if (options.save !== undefined)
    save(options.save, await writeDocument(resultingDocument(simulation), formatOfName(options.save)));
}

function outputFormatOf(session: Session, { format }: SimulateOptions): OutputFormat {
  if (session.json) {
    if (format !== undefined && format !== 'json') throw usage('--json and --format exclude each other');
    return 'json';
  }
  if (format === undefined) return 'text';
  const known = outputFormats.find((one) => one === format);
  if (known === undefined) throw usage(`--format is one of ${outputFormats.join(', ')}, not ${format}`);
  return known;
}

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (problem) {
    throw usage(`${path} cannot be written: ${(problem as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}
