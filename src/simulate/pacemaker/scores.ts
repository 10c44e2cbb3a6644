import type { Assigned } from '../../engine/scheduler/assign/assigned.ts';
import { INFINITY } from '../../engine/scheduler/rules/values.ts';

const scoreText = (score: number): string => {
  if (score >= INFINITY) return 'INFINITY';
  return score <= -INFINITY ? '-INFINITY' : String(score);
};

/** Every score on the way to the assignment, as `crm_simulate -s` lists them; needs `input.withScores`. */
export const scoreLines = (assigned: Assigned): string[] =>
  assigned.scoreLog.map(({ step, resource, node, score }) =>
    step === 'promotion score'
      ? `${resource.id} promotion score on ${node?.name ?? 'none'}: ${scoreText(score)}`
      : `${step}: ${resource.id} allocation score on ${node?.name ?? 'none'}: ${scoreText(score)}`,
  );
