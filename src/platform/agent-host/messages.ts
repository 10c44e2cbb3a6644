import type { AgentName, Parameters, Result } from '../../model/index.ts';
import type { AgentWork, DiscoveryWork, FenceWork } from '../../ports/index.ts';

/** What the engine tells an agent host. Parameters may hold secrets: messages are never logged. */
export type ToHost =
  | { readonly kind: 'perform'; readonly works: readonly { readonly id: number; readonly work: AgentWork }[] }
  | { readonly kind: 'fence'; readonly id: number; readonly work: FenceWork | DiscoveryWork }
  /** The deadline of this work has passed. */
  | { readonly kind: 'abort'; readonly id: number }
  | {
      readonly kind: 'watch';
      readonly id: number;
      readonly agent: AgentName;
      readonly parameters: Parameters;
    }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'ping' };

/** What an agent host tells the engine. */
export type FromHost =
  | {
      readonly kind: 'finished';
      readonly results: readonly { readonly id: number; readonly result: Result<unknown> }[];
    }
  | { readonly kind: 'changed'; readonly id: number }
  | { readonly kind: 'pong' }
  /** A program runs as this process group: whoever ends the host has to end it too. */
  | { readonly kind: 'groupStarted'; readonly group: number }
  | { readonly kind: 'groupEnded'; readonly group: number }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly component: string;
      readonly message: string;
    };
