import { deedNames } from '../../../src/model/index.ts';
import type { EngineState } from '../../../src/engine/index.ts';
import { Violation } from '../violation.ts';

/** As every message says what it is. */
const OF_INTEREST = /"message":\{"kind":"(outcome|report)"/;

interface Told {
  readonly resource?: string;
  readonly observation?: { readonly state: string };
  readonly action?: { readonly resource: string; readonly operation: string };
  readonly outcome?: { readonly observation?: { readonly state: string } };
}

/**
 * Of one engine: what it has told of its own node, and heard come back in the total order, is what it knows of itself,
 * whatever became of the view in which it came: it is its own authority, and the others believe what it tells them. Or
 * it knows that it does not know. Nothing else would tell it: what is held to be stopped nobody looks at.
 */
export class OwnWord {
  private readonly told = new Map<string, string>();
  private generation = -1;

  hear(payload: string): void {
    // Most messages are of no interest, and parsing is dear.
    if (!OF_INTEREST.test(payload)) return;
    const { message } = JSON.parse(payload.slice(payload.indexOf('{'))) as { readonly message: Told };
    const { action, outcome } = message;
    // A deed on a volume does not tell whether its LUN is exported.
    if (deedNames.some((name) => name === action?.operation)) return;
    const resource = action?.resource ?? message.resource ?? '';
    const state = (action === undefined ? message : outcome)?.observation?.state;
    if (state === undefined) this.told.delete(resource);
    else this.told.set(resource, state);
  }

  /** Its Corosync is gone, and with it what comes meanwhile: everything is to be looked at anew. */
  forget(): void {
    this.told.clear();
  }

  /** Whenever a view has become complete. */
  check({ self, view, status }: EngineState): void {
    if (!view.complete || view.generation === this.generation) return;
    this.generation = view.generation;
    const { instances = {} } = status.nodes[self] ?? {};
    for (const [resource, state] of this.told) {
      const known = instances[resource]?.observation;
      if (known === undefined || known === 'unknown' || known.state === state) continue;
      throw new Violation(
        'memory',
        `${self} told last that ${resource} is ${state}, and is held to have said ${known.state}`,
      );
    }
  }
}
