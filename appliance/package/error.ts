/** What can go wrong with building the package. */
export type PackageErrorCode = 'entry-missing' | 'bundle-failed' | 'build-failed';

/** An expected failure of the build: what happened, and what to do next. */
export class PackageError extends Error {
  readonly code: PackageErrorCode;
  readonly nextStep: string;

  constructor(code: PackageErrorCode, message: string, nextStep: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PackageError';
    this.code = code;
    this.nextStep = nextStep;
  }
}
