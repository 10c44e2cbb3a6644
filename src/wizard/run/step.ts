import type { Result, StatusView } from '../../model/index.ts';
import type { Plan } from '../plan.ts';

/** The API of this node. A failure has the API's code; `engine_unreachable` where nobody answers. */
export interface Api {
  ask<Answer>(ask: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
    /** Below /api/v1. */
    readonly path: string;
    readonly body?: object;
    /** Milliseconds until the answer must be there. */
    readonly timeout?: number;
  }): Promise<Result<Answer>>;
}

/** What the cluster does not know of a set-up, and a power cut must not make it forget. */
export interface Memory {
  /** A node that was put into standby for a test or a move, and goes online again. */
  readonly standby?: string;
  /** Planned moves with the LUN that are done. */
  readonly moves?: number;
}

/** What a step works with. */
export interface World {
  readonly plan: Plan;
  readonly api: Api;
  readonly memory: () => Memory;
  /** On disk before it resolves. */
  readonly remember: (memory: Memory) => Promise<void>;
  readonly tell: (text: string) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that only runs. */
  readonly now: () => number;
  /** What answers at `address:port` as an iSCSI target; undefined: nothing does. */
  readonly targetsAt: (address: string, port: number) => Promise<readonly string[] | undefined>;
}

/**
 * A part of a set-up. It looks first, and so may be repeated after any interruption: what is done is found done, by
 * asking and not by remembering.
 */
export interface Step {
  readonly id: string;
  /** What it does, for the plan and while it runs. */
  readonly title: string;
  /** It is looked at and run while this node is alone, and may not know the state of its cluster. */
  readonly alone?: true;
  /** It only looks: where it fails, other answers may still be given. */
  readonly changesNothing?: true;
  /** Nothing is left to do, as the cluster is now. */
  readonly isDone: (status: StatusView, world: World) => boolean;
  readonly run: (world: World) => Promise<Result<void>>;
}
