import type { Node } from '../scheduler/unpack/node.ts';
import type { Settings } from '../scheduler/unpack/unpacked.ts';
import { fencingCause } from './placement-fencing.ts';

/** Why something cannot be done, and what would make it possible. */
export interface Hindrance {
  readonly text: string;
  /** What would have to change, as a request. */
  readonly remedy: string;
}

/** Why a node can run nothing at all just now; empty where it can. */
export const nodeHindrances = (node: Node): readonly Hindrance[] => {
  const { name } = node;
  const found: Hindrance[] = [];
  if (node.type === 'ping')
    found.push({ text: `${name} is a ping node and runs nothing`, remedy: `choose a member of the cluster` });
  if (node.isUnclean) {
    const causes = node.uncleanReasons.map(fencingCause);
    found.push({
      text: `${name} must be fenced${causes.length === 0 ? '' : `: ${causes.join('; ')}`}`,
      remedy: `have ${name} fenced, and started again`,
    });
  } else if (node.isPending) {
    found.push({ text: `${name} is joining and not ready yet`, remedy: `wait until ${name} has joined` });
  } else if (!node.isOnline) {
    const state = node.isUnseen ? 'nothing has been heard of it yet' : 'it is offline';
    found.push({ text: `${name} is not there: ${state}`, remedy: `start ${name}` });
  }
  if (node.isShuttingDown)
    found.push({ text: `${name} is leaving the cluster`, remedy: `let ${name} come back` });
  if (node.isStandby) {
    const cause = node.isStandbyOnFail ? ', because an operation with on-fail=standby failed there' : '';
    const remedy = node.isStandbyOnFail
      ? `mend what failed on ${name} and forget the failure (keelson cleanup --node ${name})`
      : `take ${name} out of standby`;
    found.push({ text: `${name} is in standby${cause}`, remedy });
  }
  if (node.isInMaintenance)
    found.push({ text: `${name} is in maintenance`, remedy: `end the maintenance of ${name}` });
  return found;
};

/** What keeps the whole cluster from running things. */
export const clusterHindrances = (settings: Settings): readonly Hindrance[] => {
  const found: Hindrance[] = [];
  if (!settings.isQuorate && settings.noQuorumPolicy !== 'ignore')
    found.push({
      text: `this partition has no quorum, and no-quorum-policy is ${settings.noQuorumPolicy}`,
      remedy: 'bring back enough nodes for quorum',
    });
  if (settings.stopsAll)
    found.push({ text: 'stop-all-resources is set', remedy: 'set stop-all-resources to false' });
  if (settings.isInMaintenance)
    found.push({ text: 'the cluster is in maintenance', remedy: 'set maintenance-mode to false' });
  if (settings.stonithEnabled && !settings.hasFenceDevice)
    found.push({
      text: 'fencing is enabled and there is no fence device, so that nothing is managed',
      remedy: 'define a fence device',
    });
  return found;
};
