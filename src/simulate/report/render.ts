import type { Finding } from '../../model/index.ts';
import { writeDocument } from '../document/write.ts';
import { resultingDocument, type Simulation } from '../simulation.ts';

/**
 * `text`: for people. `json`: for programs. `dot`, `svg`: the steps as a graph. `pacemaker`: what crm_simulate prints.
 * `cib`, `crm`: the cluster afterwards, in either form.
 */
export const outputFormats = ['text', 'json', 'dot', 'svg', 'pacemaker', 'cib', 'crm'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface RenderOptions {
  readonly withScores: boolean;
  /** Tell of every resource that changes why it is where it will be. Text and JSON. */
  readonly withExplanations: boolean;
  /** The time of the decision as it was asked for. */
  readonly at: string | undefined;
  /** What was found while the text was read; JSON tells of it. */
  readonly readFindings: readonly Finding[];
}

/** What was found out, as text that ends with a line break. Each form is loaded when it is asked for. */
export const render = async (
  simulation: Simulation,
  format: OutputFormat,
  options: RenderOptions,
): Promise<string> => {
  switch (format) {
    case 'text':
      return (await import('./text.ts')).simulationText(simulation, options);
    case 'json':
      return (await import('./json.ts')).simulationJson(simulation, options);
    case 'dot':
      return (await import('./dot.ts')).simulationDot(simulation);
    case 'svg':
      return (await import('./svg.ts')).simulationSvg(simulation);
    case 'pacemaker':
      return (await import('../pacemaker/report.ts')).report(simulation, options);
    case 'cib':
    case 'crm':
      return writeDocument(resultingDocument(simulation), format);
  }
};
