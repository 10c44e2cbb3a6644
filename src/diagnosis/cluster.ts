import { assertNever, type Diagnosis, type Severity, type StatusView, type Weight } from '../model/index.ts';

function weightOf(severity: Severity): Weight {
  switch (severity) {
    case 'data-not-served':
    case 'failure-would-not-be-survived':
      return 'forbids';
    case 'attention':
      return 'warns';
    default:
      return assertNever(severity);
  }
}

const reasons: Readonly<Record<Severity, string>> = {
  'data-not-served': 'Hosts wait for their data.',
  'failure-would-not-be-survived': 'Nobody could take over now.',
  attention: 'It works; but something has to be seen to before it does not.',
};

/** What the cluster knows of itself, by the codes of its problems; what the doctor itself has told it is found anew. */
export const diagnoseStatus = ({ problems }: StatusView): readonly Diagnosis[] =>
  problems
    .filter(({ code }) => code !== 'doctor_found')
    .map(({ code, severity, message, next }) => ({
      code,
      weight: weightOf(severity),
      found: message,
      why: reasons[severity],
      mend: next,
    }));
