import { failed, failure, type ReplyOf } from '../../../model/index.ts';
import type { Step } from '../step.ts';
import { answeredStatus, done } from '../wait.ts';

/** Disks, Corosync and services are set up meanwhile. Milliseconds. */
const FORMING = 330_000;

export const form: Step = {
  id: 'form',
  title: 'Form the cluster on this node',
  alone: true,
  isDone: ({ clusterName }, { plan }) => clusterName === plan.file.name,
  run: async (world) => {
    const { api, plan, tell } = world;
    const now = await answeredStatus(world);
    if (!now.ok) return now;
    const { clusterName } = now.value;
    if (clusterName !== undefined) {
      const words = `this node belongs to ${clusterName}, and the plan is ${plan.file.name}`;
      return failed(failure('cluster_exists', words));
    }
    const { file, witnessSecret } = plan;
    const formed = await api.ask<ReplyOf<'cluster.init'>>({
      method: 'POST',
      path: '/cluster',
      body: { file, node: plan.nodes[0], ...(witnessSecret === undefined ? {} : { witnessSecret }) },
      timeout: FORMING,
    });
    if (!formed.ok) return formed;
    const { token } = formed.value;
    tell(`  Corosync waits ${token.milliseconds} ms for a node: ${token.reason}`);
    return done;
  },
};
