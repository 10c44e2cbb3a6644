/**
 * What keelsond does with a witness's certificates, on a node: reads an order as JSON, prints the result as JSON. With
 * `killAt` it loses its life before Corosync's tool is run with that option.
 */
import { text } from 'node:stream/consumers';
import { createWitness } from '../../src/daemon/witness.ts';
import { success, type Result, type WitnessCredentials, type WitnessIntent } from '../../src/model/index.ts';
import { createRun } from '../../src/platform/processes/run.ts';
import { createLog } from '../../src/platform/world.ts';
import { createDeviceCertificates } from '../../src/platform/witness-setup/device-certificates.ts';

export interface Order {
  readonly config: { readonly clusterName: string; readonly witness: WitnessIntent };
  readonly secret?: string;
  readonly killAt?: string;
  /** Absent: as the first node. */
  readonly install?: WitnessCredentials;
}

const { config, secret, killAt, install } = JSON.parse(await text(process.stdin)) as Order;
const run = createRun(100_000);
const certificates = createDeviceCertificates({
  run(program, args, options) {
    if (program === 'corosync-qdevice-net-certutil' && args[0] === killAt)
      process.kill(process.pid, 'SIGKILL');
    return run(program, args, options);
  },
});
const witness = createWitness({ log: createLog(), certificates });

async function first(): Promise<Result<WitnessCredentials | undefined>> {
  const checked = await witness.checkFirst(config, secret);
  if (!checked.ok) return checked;
  const obtained = await witness.obtain(config, secret);
  return obtained.ok ? witness.credentials(config) : obtained;
}

async function further(given: WitnessCredentials): Promise<Result<WitnessCredentials | undefined>> {
  const checked = await witness.checkJoining(config);
  const installed = checked.ok ? await witness.install(config, given) : checked;
  return installed.ok ? success(undefined) : installed;
}

process.stdout.write(JSON.stringify(await (install === undefined ? first() : further(install))));
