import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections, type Sections } from './sections.ts';

/** One of Pacemaker's own cases: what goes in, and what its scheduler answered. */
export interface Case {
  readonly name: string;
  readonly features: readonly string[];
  readonly definition: string;
  readonly expected: {
    readonly sections: Sections;
    readonly dot: string;
    readonly scores: string;
  };
  /** Seconds since 1970 that the summary was made at, and those of graph and scores. */
  readonly now: { readonly summary: number; readonly graph: number };
}

/** Later than all that the cases tell of; those whose answer depends on the time carry it. */
const AFTERWARDS = Date.UTC(2023, 0, 1) / 1000;

/** The cases whose graph was made with a date of its own (`crm_simulate -t`), seconds since 1970. */
const graphDates: Readonly<Record<string, number>> = {
  'date-1': Date.UTC(2005, 0, 20) / 1000,
  'date-2': Date.UTC(2005, 0, 20, 12, 30) / 1000,
  'date-3': Date.UTC(2005, 0, 20, 11, 30) / 1000,
  origin: Date.UTC(2014, 4, 7, 0, 28) / 1000,
};

/** Names of all cases, each with what it is about, in the order of the list. */
export const caseNames = (folder: string): readonly (readonly [string, readonly string[]])[] =>
  Object.entries(JSON.parse(readFileSync(join(folder, 'features.json'), 'utf8')) as Record<string, string[]>);

export const readCase = (folder: string, name: string, features: readonly string[]): Case => {
  const text = (part: string, extension: string): string =>
    readFileSync(join(folder, part, `${name}.${extension}`), 'utf8');
  const definition = text('xml', 'xml');
  const recorded = /^[^]*?<cib\b[^>]*\bexecution-date="(\d+)"/.exec(definition)?.[1];
  const summary = recorded === undefined ? AFTERWARDS : Number(recorded);
  return {
    name,
    features,
    definition,
    expected: {
      sections: sections(text('summary', 'summary')),
      dot: text('dot', 'dot'),
      scores: text('scores', 'scores'),
    },
    now: { summary, graph: graphDates[name] ?? summary },
  };
};
