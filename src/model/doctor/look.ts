/** What a look at the machine gave. A look that failed says why: it is told, and never taken for a good sign. */
export type Look<Value> =
  { readonly seen: true; readonly value: Value } | { readonly seen: false; readonly why: string };

export const seen = <Value>(value: Value): Look<Value> => ({ seen: true, value });
export const unseen = (why: string): Look<never> => ({ seen: false, why });
