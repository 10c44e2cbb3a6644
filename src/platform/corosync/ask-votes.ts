import { failed, failure, success, type Result } from '../../model/index.ts';
import { connectVotes, type Votes } from './votes.ts';

/** Milliseconds: a Corosync that stands still does not answer. */
const PATIENCE = 5000;

/** Asks votequorum once, as the node with this id, which is this one. `not_synchronised` where Corosync does not answer. */
export function askVotes(node: number, connect = connectVotes): Promise<Result<Votes>> {
  const silent = (why: string): Result<never> =>
    failed(failure('not_synchronised', `Corosync does not answer: ${why}`));
  const connection = connect(node);
  if ('error' in connection) return Promise.resolve(silent(connection.error));
  return new Promise((resolve) => {
    const end = (result: Result<Votes>): void => {
      clearTimeout(timer);
      connection.close();
      resolve(result);
    };
    const timer = setTimeout(() => end(silent('no answer in time')), PATIENCE);
    connection.ask((answer) => end('error' in answer ? silent(answer.error) : success(answer)));
  });
}
