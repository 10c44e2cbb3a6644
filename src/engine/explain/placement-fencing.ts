/** Why a node is fenced, as a clause for people; Pacemaker's words where no others are known. */
export const fencingCause = (reason: string): string => {
  const known = CAUSES.get(reason);
  if (known !== undefined) return known;
  const [, failed] = /^(.+) failed there$/.exec(reason) ?? [];
  if (failed !== undefined) return `${failed} failed there in a way that only fencing mends`;
  const [, active] = /^(.+) is thought to be active there$/.exec(reason) ?? [];
  if (active !== undefined) return `${active} may be active there`;
  const [, needing] = /^required by (.+) monitor$/.exec(reason) ?? [];
  if (needing !== undefined) return `${needing} may run only where the node was unfenced`;
  return reason;
};

const CAUSES: ReadonlyMap<string, string> = new Map([
  ['node is unclean', 'its state is not known, and only fencing makes sure that nothing runs there'],
  [
    'peer is no longer part of the cluster',
    'it is no longer part of the cluster, and did not leave in order',
  ],
  ['peer is unexpectedly down', 'it is down, and did not leave in order'],
  ['peer process is no longer available', 'its cluster process does not answer'],
  ['peer has not been seen by the cluster', 'it has not been seen since the cluster was started'],
  ['peer failed Pacemaker membership criteria', 'it could not join the cluster'],
  ['peer was in an unknown state', 'its state in the membership is not known'],
  ['cluster does not have quorum', 'this partition has no quorum, and its policy is to end itself'],
  ['termination was requested', 'somebody asked for it'],
  ['stop is unrunnable', 'something there must be stopped and cannot be'],
  ['Device definition changed', 'the definition of its fence device has changed: it is unfenced anew'],
  ['Device parameters changed', 'parameters of its fence device have changed: it is unfenced anew'],
]);
