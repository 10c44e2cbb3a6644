import type { Simulation } from '../simulation.ts';
import { simulationDot } from './dot.ts';

/** The same picture, laid out: Graphviz itself, compiled to WebAssembly. */
export const simulationSvg = async (simulation: Simulation): Promise<string> => {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return viz.renderString(simulationDot(simulation), { format: 'svg', engine: 'dot' });
};
