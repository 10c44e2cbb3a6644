import type { DeviceCall } from './serve-agents.ts';

/** Milliseconds. */
export interface Share {
  /** From the moment in which the engine knew that the node was lost until it knew that it was off. */
  readonly whole: number;
  /** In which at least one call of a device was under way. */
  readonly device: number;
  readonly engine: number;
  /** Attempts that the device did not carry out; before each further one the engine waits on purpose. */
  readonly failed: number;
}

/** Both moments of the engine's records, and all calls as the agent host measured them. */
export function shareOf(
  lost: number,
  confirmed: number,
  calls: readonly DeviceCall[],
  failed: number,
): Share {
  const within = calls
    .map(({ began, ended }) => [Math.max(began, lost), Math.min(ended, confirmed)] as const)
    .filter(([began, ended]) => ended > began)
    .sort(([one], [other]) => one - other);
  let device = 0;
  let upTo = lost;
  for (const [began, ended] of within) {
    device += Math.max(0, ended - Math.max(began, upTo));
    upTo = Math.max(upTo, ended);
  }
  const whole = confirmed - lost;
  return { whole, device, engine: whole - device, failed };
}
