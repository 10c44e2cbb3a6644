/** What can go wrong with the lab in ways the person at the keyboard can mend. */
export type LabErrorCode =
  | 'not-root'
  | 'bad-argument'
  | 'busy'
  | 'image-failed'
  | 'package-missing'
  | 'machine-off'
  | 'machine-silent'
  | 'command-failed'
  | 'helper-failed'
  | 'not-up';

/** An expected failure of the lab: what happened, and what to do next. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly nextStep: string;

  constructor(code: LabErrorCode, message: string, nextStep: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
    this.nextStep = nextStep;
  }
}
