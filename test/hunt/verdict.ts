/** What one process of the hunt is asked. `tell`: in the smallest story that fails. */
export interface Question {
  readonly kind: 'simulate' | 'tell';
  readonly seed: number;
}

/** What it says; all but the first `ready` of one seed. */
export type Verdict =
  | { readonly kind: 'ready' }
  | { readonly kind: 'well'; readonly faults: number }
  | {
      readonly kind: 'violation';
      readonly property: string;
      readonly message: string;
      readonly faults: number;
    }
  | { readonly kind: 'story'; readonly text: string }
  /** The simulation itself could not go on: that finds nothing. */
  | { readonly kind: 'broken'; readonly message: string };
