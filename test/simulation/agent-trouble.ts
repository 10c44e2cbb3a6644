import type { OperationName } from '../../src/model/index.ts';
import type { Work } from './agent-host.ts';

/**
 * How an operation goes wrong. `fails-late`: it is done, and fails all the same. `fails-half`: half of it is done.
 * `in-vain`: its command succeeds and does nothing, as the look afterwards shows. `kills`: its host dies of it. `lies`:
 * nothing is done, or looked at, and it says what it was asked for.
 */
export type Trouble =
  'fails' | 'fails-late' | 'fails-half' | 'hangs' | 'is-slow' | 'in-vain' | 'kills' | 'lies' | undefined;

/** What goes wrong with an agent each time: with all its starts and promotions, all its stops and demotions, or all its looks. */
export interface Flaw {
  readonly of: 'start' | 'stop' | 'look';
  readonly trouble: 'fails' | 'fails-late' | 'kills';
}

const KINDS: Readonly<Partial<Record<OperationName, Flaw['of']>>> = {
  start: 'start',
  promote: 'start',
  stop: 'stop',
  demote: 'stop',
  monitor: 'look',
};

export const kindOf = ({ operation }: Pick<Work, 'operation'>): Flaw['of'] | undefined => KINDS[operation];

/** How this may go wrong. Of what is made or removed no look shows whether it had any effect. */
export const troublesOf = (work: Work): readonly Trouble[] =>
  work.operation === 'monitor'
    ? ['fails', 'hangs', 'is-slow']
    : [
        'fails',
        'fails-late',
        'fails-half',
        'hangs',
        'is-slow',
        ...(kindOf(work) === undefined ? [] : (['in-vain'] as const)),
      ];
