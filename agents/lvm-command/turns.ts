import { failed, failure, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';

/** What ends when the last change that was asked for of a group has ended, by the group's name. */
const queues = new Map<string, Promise<void>>();

/**
 * Changes of one volume group one after the other, in the order in which they were asked for. LVM does no two of them at
 * once: each of its commands waits for the group's lock, in no order, and uses processor time and memory while it does.
 * Of many that were asked for together all would end late, and past their deadlines none; in turn the first are done soon.
 * A change whose signal was aborted before its turn is not begun: `agent_timeout`.
 */
export function inTurn<T>(
  volumeGroup: string,
  { signal }: AgentContext,
  change: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const tooLate: Result<never> = failed(
    failure('agent_timeout', `other changes of volume group ${volumeGroup} took all the time there was`),
  );
  const { promise: aborted, resolve: giveUp } = Promise.withResolvers<Result<never>>();
  const before = queues.get(volumeGroup) ?? Promise.resolve();
  const onAbort = (): void => giveUp(tooLate);
  signal.addEventListener('abort', onAbort, { once: true });
  const own = before.then(() => {
    signal.removeEventListener('abort', onAbort);
    return signal.aborted ? tooLate : change();
  });
  const ended = own.then(
    () => undefined,
    () => undefined,
  );
  queues.set(volumeGroup, ended);
  void ended.then(() => {
    if (queues.get(volumeGroup) === ended) queues.delete(volumeGroup);
  });
  return Promise.race([own, aborted]);
}
