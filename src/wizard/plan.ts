import { check } from '../api/check.ts';
import { ClusterFile } from '../api/schemas/index.ts';
import {
  failed,
  failure,
  subnetOf,
  success,
  type ClusterFile as ClusterFileModel,
  type MachineView,
  type NodeName,
  type Result,
} from '../model/index.ts';
import type { Answers } from './answers.ts';
import type { Known } from './interview/question.ts';

/** All that is to be done, decided: nothing is looked for any more. Holds secrets. */
export interface Plan {
  /** This one and the other one. */
  readonly nodes: readonly [NodeName, NodeName];
  readonly file: ClusterFileModel;
  readonly joinCode: string;
  readonly witnessSecret?: string;
  readonly lun?: { readonly name: string; readonly size: number };
}

/** `answers_invalid` where they contradict each other. */
export function planOf({ machine, other, month }: Known, answers: Answers, joinCode: string): Result<Plan> {
  const { name, networks, portals, witness, host, lun, iqn, pool, sbd, testOnly, properties } = answers;
  const nodes = [machine, other] as const;
  const given = witness === undefined || witness === 'none' ? undefined : witness;
  const { secret, ...asked } = given ?? {};
  const file = {
    name,
    ...(testOnly && { testOnly }),
    nodes: nodes.map((one) => ({
      name: one.node,
      management: addressIn(one, networks?.management),
      cluster: addressIn(one, networks?.cluster),
      replication: addressIn(one, networks?.replication),
      disk: answers.disks?.[one.node],
      fence: answers.fencing?.[one.node],
    })),
    pool: { name: pool ?? 'pool1', preferredNode: machine.node },
    target: { iqn: iqn ?? `iqn.${month}.internal.${name ?? ''}:keelson`, portals },
    hosts: host === undefined || host === 'none' ? [] : [host],
    ...(sbd && { sbd }),
    ...(given && { witness: asked }),
    ...(properties && { properties }),
  };
  const checked = check(ClusterFile, file);
  if (!checked.ok) return failed(failure('answers_invalid', checked.failure.message));
  return success({
    nodes: [machine.node, other.node],
    file: checked.value,
    joinCode,
    ...(secret === undefined ? {} : { witnessSecret: secret }),
    ...(lun === undefined || lun === 'none' ? {} : { lun: { name: lun.name, size: lun.size } }),
  });
}

const addressIn = ({ addresses }: MachineView, subnet: string | undefined): string | undefined =>
  addresses.find(({ address, prefix }) => subnetOf(address, prefix) === subnet)?.address;

/** Nothing it is fenced by proves anything. */
export const isForTests = ({ file }: Plan): boolean => file.testOnly === true;
