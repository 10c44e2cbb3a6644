import type { Finding, FindingCode } from '../../../model/index.ts';

/** Where findings go; the same one is told once, however many instances it concerns. */
export interface Reporter {
  readonly findings: Finding[];
  readonly reported: Set<string>;
}

export function report(reporter: Reporter, code: FindingCode, place: string, message: string): void {
  const key = `${code}\n${place}\n${message}`;
  if (reporter.reported.has(key)) return;
  reporter.reported.add(key);
  reporter.findings.push({ code, place, message });
}
