/** Thrown when what must always hold does not: a bug of ours, never an expected failure. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** Checked in production too (DESIGN.md section 4). The message says what must hold, not what was seen. */
export function invariant(condition: boolean, mustHold: string): asserts condition {
  if (!condition) throw new InvariantViolation(mustHold);
}

/** The end of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new InvariantViolation(`no such case: ${JSON.stringify(value)}`);
}
