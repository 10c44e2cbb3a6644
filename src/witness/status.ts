import type { Output } from '../cli/output.ts';
import { success, type Result } from '../model/index.ts';
import { createRun } from '../platform/processes/run.ts';
import { signedClusters } from '../platform/witness-setup/authority.ts';
import { checkPrograms, connectedClusters, type ConnectedCluster } from '../platform/witness-setup/qnetd.ts';
import { exitCodes } from './ending.ts';

/** Milliseconds. */
const TOOL_TIMEOUT = 20_000;

/** Whether corosync-qnetd runs, and which clusters are connected to it. */
export async function status({ json }: { readonly json?: boolean }, output: Output): Promise<Result<number>> {
  const installed = await checkPrograms();
  if (!installed.ok) return installed;
  const connected = await connectedClusters(createRun(TOOL_TIMEOUT));
  if (!connected.ok) return connected;
  const signed = await signedClusters();
  if (json === true) output.print(JSON.stringify({ connected: connected.value, signed }, undefined, 2));
  else output.print(render(connected.value, signed));
  return success(exitCodes.success);
}

/** One line for each cluster, and one for each of its nodes. */
export function render(connected: readonly ConnectedCluster[], signed: readonly string[]): string {
  const away = signed.filter((name) => !connected.some((cluster) => cluster.name === name));
  const lines = connected.flatMap(({ name, nodes }) => [
    `cluster ${name}: ${nodes.length === 1 ? '1 node is' : `${nodes.length} nodes are`} connected`,
    ...nodes.map(
      ({ id, address, isCertified, vote }) =>
        `  node ${id} at ${address}, ${isCertified ? 'with its certificate' : 'WITHOUT a certificate'}, ${votes(vote)}`,
    ),
  ]);
  return [
    'corosync-qnetd runs.',
    ...(connected.length === 0 ? ['No cluster is connected.'] : lines),
    ...away.map((name) => `cluster ${name}: has a certificate, and is not connected`),
  ].join('\n');
}

function votes(vote: 'ACK' | 'NACK' | undefined): string {
  if (vote === undefined) return 'has asked for no vote yet';
  return vote === 'ACK' ? 'has the vote' : 'was refused the vote';
}
