import { properties, type Property } from './properties/properties.ts';

/** Something outside of the engine that told it what was not so. */
export type Cause = 'device lied' | 'agent lied';

export const ANY_LIE: readonly Cause[] = ['device lied', 'agent lied'];

/** A property that did not hold; ends the simulation. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly property: Property;
  /** Lies that can bring it about, where one is believed at the time. */
  readonly mayFollowFrom: readonly Cause[];
  /** Set where it follows from a lie that no engine could have seen through: no fault of ours. */
  override cause: Cause | undefined;

  constructor(property: Property, message: string, mayFollowFrom: readonly Cause[] = []) {
    super(`${property}: ${message}`);
    this.property = property;
    this.mayFollowFrom = mayFollowFrom;
  }

  /** The property in words. */
  get promise(): string {
    return properties[this.property];
  }
}
