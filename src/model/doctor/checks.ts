import { clusterChecks } from './checks-cluster.ts';
import { diskChecks } from './checks-disks.ts';
import { hostChecks } from './checks-host.ts';
import { networkChecks } from './checks-network.ts';
import type { Diagnosis } from './report.ts';

/**
 * Every check of the doctor: how much it weighs, why it matters, and how to mend it. What was found is said by the
 * diagnosis. The documentation is made from this table; the codes never change their meaning.
 */
export const checks = { ...hostChecks, ...diskChecks, ...networkChecks, ...clusterChecks } as const;

export type CheckCode = keyof typeof checks;

/** With the weight and the texts that its code has. */
export const diagnosis = (code: CheckCode, node: string | undefined, found: string): Diagnosis => ({
  code,
  ...(node === undefined ? {} : { node }),
  weight: checks[code].weight,
  found,
  why: checks[code].why,
  mend: checks[code].mend,
});
