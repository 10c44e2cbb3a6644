import { hostname, networkInterfaces } from 'node:os';
import type { Output } from '../cli/output.ts';
import { failed, failure, success, type Result } from '../model/index.ts';
import { createRun } from '../platform/processes/run.ts';
import { createClock, createRandom } from '../platform/world.ts';
import { openAuthority } from '../platform/witness-setup/authority.ts';
import { checkPrograms, startQnetd } from '../platform/witness-setup/qnetd.ts';
import { serveSetUp } from '../platform/witness-setup/set-up-service.ts';
import { exitCodes, untilInterrupted } from './ending.ts';

export interface SetupOptions {
  readonly address?: string;
  readonly port: string;
  readonly replace?: string;
  readonly json?: boolean;
}

/** Milliseconds; a small machine makes keys slowly. */
const TOOL_TIMEOUT = 300_000;
const STILL_WAITING = 60_000;

/** Gives the exit code, or the failure that ends it. */
export async function setup(options: SetupOptions, output: Output): Promise<Result<number>> {
  // From here on, so that nothing is left half made: what Corosync's tool has begun comes to its end first.
  const { interrupted, release } = untilInterrupted();
  const ready = await prepare(options, output);
  if (!ready.ok) return ready;
  const addresses = options.address === undefined ? ownAddresses() : [options.address];
  const service = await serveSetUp({
    address: options.address,
    port: Number(options.port),
    names: [hostname(), ...addresses],
    authority: ready.value,
    random: createRandom(),
    clock: createClock(),
    tell: (line) => output.tell(line),
  });
  if (!service.ok) return service;
  const { secret, ended } = service.value;
  explain(options, output, { secret, port: service.value.port, addresses });
  const waiting = setInterval(
    () => output.tell('still waiting; Ctrl-C ends it, and it may be repeated'),
    STILL_WAITING,
  );
  const end = await Promise.race([ended, interrupted]);
  clearInterval(waiting);
  release();
  await service.value.close();
  if (end === 'interrupted') {
    output.tell('Ended before a cluster had its certificate. Run it again for a new secret.');
    return success(exitCodes.interrupted);
  }
  if (!end.ok) return end;
  const { cluster } = end.value;
  if (options.json === true) output.print(JSON.stringify({ state: 'signed', cluster }));
  else
    output.print(`The cluster ${cluster} has its certificate. This machine votes as soon as it is formed.`);
  return success(exitCodes.success);
}

/** Everything that needs no cluster: a certificate authority, and corosync-qnetd running with it. */
async function prepare({ replace }: SetupOptions, output: Output): ReturnType<typeof openAuthority> {
  if (process.getuid?.() !== 0) return failed(failure('not_allowed', 'the witness is set up by root'));
  const installed = await checkPrograms();
  if (!installed.ok) return installed;
  const run = createRun(TOOL_TIMEOUT);
  output.tell('looking after the certificate authority of corosync-qnetd');
  const authority = await openAuthority(replace, { run, tell: (line) => output.tell(line) });
  if (!authority.ok) return authority;
  const { isNew } = authority.value;
  output.tell(isNew ? 'the certificate authority was made just now' : 'the certificate authority is there');
  const running = await startQnetd(run, isNew);
  if (!running.ok) return running;
  output.tell('corosync-qnetd runs, now and after a boot (port 5403/tcp)');
  return authority;
}

function explain(
  { json }: SetupOptions,
  output: Output,
  { secret, port, addresses }: { secret: string; port: number; addresses: readonly string[] },
): void {
  if (json === true) {
    output.print(JSON.stringify({ state: 'waiting', secret, port, addresses }));
    return;
  }
  output.tell(`Waiting for a cluster on port ${port}/tcp. In the cluster file:

  witness:
    address: ${addresses[0] ?? 'ADDRESS-OF-THIS-MACHINE'}
    tls: required

On the first node:

  keelson cluster init --file FILE --witness-secret-file -

and give it this witness secret. It is good for one cluster, and until this command ends:
`);
  output.print(secret);
  output.tell('\nLeave this command running; it ends by itself. Ctrl-C ends it too, and it may be repeated.');
}

/** By which others may reach this machine. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
