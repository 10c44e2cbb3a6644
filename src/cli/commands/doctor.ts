import type { DoctorReport } from '../../model/index.ts';
import { Ending, exitCodes } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { renderReport } from '../render-report.ts';

/** Milliseconds: a machine with something wrong answers late. */
const patience = 200_000;

export interface DoctorOptions {
  readonly disk?: readonly string[];
  readonly peer?: string;
}

export async function doctor(
  session: Session,
  node: string | undefined,
  { disk, peer }: DoctorOptions,
): Promise<void> {
  const client = await session.client();
  session.output.tell('looking; this takes a few seconds');
  const { body } = await client.ask({
    method: 'POST',
    path: '/doctor',
    body: {
      ...(node === undefined ? {} : { node }),
      ...(disk === undefined ? {} : { disks: disk }),
      ...(peer === undefined ? {} : { peer }),
    },
    timeout: patience,
  });
  const report = body as DoctorReport;
  if (session.json) printJson(session.output, report);
  else session.output.print(renderReport(report));
  const found = (wanted: string): boolean => report.diagnoses.some(({ weight }) => weight === wanted);
  const isLost = report.verdicts.some(({ survives }) => !survives);
  if (isLost || found('forbids')) throw new Ending(exitCodes.forbids);
  if (found('warns')) throw new Ending(exitCodes.warns);
}
