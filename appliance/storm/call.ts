/** What a LUN is made with. */
export interface StormWish {
  /** Bytes. */
  readonly size: number;
  readonly thin: boolean;
  /** By host: whether it can only read. */
  readonly access: Readonly<Record<string, 'read-only' | 'read-write'>>;
}

/** A LUN as the API shows it, as far as the calls of a storm change it. */
export interface StormLun extends StormWish {
  /** What their names have after the @, in order. */
  readonly snapshots: readonly string[];
}

export type StormAction =
  | ({ readonly kind: 'create' } & StormWish)
  | { readonly kind: 'delete'; readonly withSnapshots: boolean }
  | { readonly kind: 'snapshot' | 'drop'; readonly snapshot: string }
  | { readonly kind: 'grow'; readonly size: number }
  | { readonly kind: 'map'; readonly host: string; readonly access: 'read-only' | 'read-write' }
  | { readonly kind: 'unmap'; readonly host: string };

/** One call of one client, by the clock of the machine that all clients run on, in milliseconds. */
export interface StormCall {
  readonly lun: string;
  readonly action: StormAction;
  readonly sent: number;
  /** Of what got no answer: by then it was carried out, or never is. */
  readonly answered: number;
  /** `done`, the code of a refusal, or nothing that says whether it was carried out. */
  readonly answer: 'done' | 'unknown' | { readonly refused: string };
}
