import { failure, milliseconds, type NodeName } from '../model/index.ts';
import type { Clock, HealthSource } from '../ports/index.ts';

const EVERY = milliseconds(60_000);

/**
 * A host that was renamed goes on as the node that it is, and serves what it serves; but DRBD finds itself by the
 * host's name, and would not start again. Told until the host has its name back.
 */
export function createHostNameWatch(
  node: NodeName,
  hostName: () => string,
  clock: Pick<Clock, 'after'>,
): HealthSource {
  let next: { cancel(): void } | undefined;
  return {
    start(tell) {
      const look = (): void => {
        const name = hostName();
        const message = `the host calls itself ${name}, and is the node ${node}`;
        tell('host-name', name === node ? undefined : failure('node_name_differs', message));
        next = clock.after(EVERY, look);
      };
      next = clock.after(milliseconds(0), look);
    },
    close: () => next?.cancel(),
  };
}
