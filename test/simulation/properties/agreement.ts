import type { Machine } from '../machine.ts';
import { Violation } from '../violation.ts';

/** S7 and S8: engines of one group that hold the same revision hold the same configuration, and agree on the controller. */
export function checkAgreement([a, b]: readonly [Machine, Machine]): void {
  const first = a.engine?.state;
  const second = b.engine?.state;
  if (first?.view.complete !== true || second?.view.complete !== true) return;
  if (first.view.members.length < 2 || second.view.members.length < 2) return;
  if (first.view.generation !== second.view.generation) return;
  if (first.view.controller !== second.view.controller)
    throw new Violation(
      'S8',
      `two controllers: ${first.view.controller ?? ''} and ${second.view.controller ?? ''}`,
    );
  const { config } = first;
  const other = second.config;
  if (config.current.revision === other.current.revision && config.hash !== other.hash)
    throw new Violation('S7', `revision ${config.current.revision} differs between the nodes`);
}
