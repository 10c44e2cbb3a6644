import type { Weight } from './report.ts';

/** What the doctor looks for. */
export interface Check {
  readonly weight: Weight;
  readonly why: string;
  readonly mend: string;
}

export type Checks = Readonly<Record<string, Check>>;
