import type { NodeName } from './intent.ts';
import type { OperationName, Parameters, AgentName, ResourceId } from './resources.ts';
import type { Milliseconds } from './units.ts';

export type ActionId = string;

/** One step of a transition, with the reason for it. */
export type Action =
  | {
      readonly kind: 'operation';
      readonly id: ActionId;
      readonly node: NodeName;
      readonly resource: ResourceId;
      readonly agent: AgentName;
      readonly operation: OperationName;
      readonly parameters: Parameters;
      readonly timeout: Milliseconds;
      /** The deed this fulfils, for `create` and `remove`. */
      readonly deed: string | undefined;
      /** Begun so much later; absent: at once. */
      readonly delay?: Milliseconds | undefined;
      readonly reason: string;
    }
  | { readonly kind: 'fence'; readonly id: ActionId; readonly node: NodeName; readonly reason: string };

/** A graph: `after[x]` are the actions that must have succeeded before x may begin. */
export interface Transition {
  readonly actions: readonly Action[];
  readonly after: Readonly<Record<ActionId, readonly ActionId[]>>;
  /** What the scheduler would have liked to do and may not, and why; shown in the status. */
  readonly blocked: readonly Blocked[];
}

export interface Blocked {
  readonly subject: string;
  readonly reason: string;
  readonly next: string;
}
