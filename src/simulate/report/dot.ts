import { dotText, drawing } from '../../engine/scheduler/graph/dot.ts';
import type { Simulation } from '../simulation.ts';

/** The steps and what they wait for, as `crm_simulate -D` draws them; for `dot`. */
export const simulationDot = ({ transition }: Simulation): string => dotText(drawing(transition));
