import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { success, type Result } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';
import { writeOwned } from './owned-file.ts';

export interface CorosyncOptions {
  /** Where corosync.conf and authkey live; the default is /etc/corosync. */
  readonly folder?: string;
  readonly run?: Run;
}

const FOLDER = '/etc/corosync';
const DEVICE = 'corosync-qdevice.service';
/** Milliseconds; Corosync's unit is of type notify, and stopping it waits for the ring. */
const PATIENCE = 90_000;

const contentOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(() => undefined);

/**
 * Writes configuration and key (a text of 128 to 4096 bytes, secret). A Corosync that runs with others is stopped:
 * Debian's package starts one of its own. It is taken out of the boot, because keelsond starts it after its checks.
 */
export async function installCorosync(
  configuration: string,
  authkey: string,
  { folder = FOLDER, run = createRun(PATIENCE) }: CorosyncOptions = {},
): Promise<Result<void>> {
  const files = [
    { path: join(folder, 'authkey'), content: authkey, mode: 0o400 },
    { path: join(folder, 'corosync.conf'), content: configuration, mode: 0o644 },
  ];
  const disabled = await runSuccessfully(run, 'systemctl', ['disable', 'corosync.service']);
  if (!disabled.ok) return disabled;
  const present = await Promise.all(files.map(({ path }) => contentOf(path)));
  if (files.every(({ content }, index) => present[index] === content)) return success(undefined);
  const stopped = await stopCorosync({ run });
  if (!stopped.ok) return stopped;
  for (const file of files) {
    const written = await writeOwned(file.path, file.content, file.mode);
    if (!written.ok) return written;
  }
  return success(undefined);
}

/**
 * Resolves when Corosync is ready. Starting what runs succeeds. With a witness, its device is started too; a device
 * that does not start is a failure, but Corosync runs then all the same.
 */
export async function startCorosync({
  run = createRun(PATIENCE),
  witness = false,
}: Pick<CorosyncOptions, 'run'> & { readonly witness?: boolean } = {}): Promise<Result<void>> {
  // systemd refuses what was started too often; the attempts before this one are no reason not to try.
  await run('systemctl', ['reset-failed', 'corosync.service']);
  const started = await runSuccessfully(run, 'systemctl', ['start', 'corosync.service']);
  if (!started.ok || !witness) return started.ok ? success(undefined) : started;
  return switchDevice('start', { run });
}

/** corosync-qdevice, which asks the witness: it runs then, or has ended. May be repeated. */
export async function switchDevice(
  wanted: 'start' | 'stop',
  { run = createRun(PATIENCE) }: Pick<CorosyncOptions, 'run'> = {},
): Promise<Result<void>> {
  // It ends by itself where it finds no witness in Corosync's configuration, and systemd counts that as a failure.
  await run('systemctl', ['reset-failed', DEVICE]);
  const done = await runSuccessfully(run, 'systemctl', [wanted, DEVICE]);
  return done.ok ? success(undefined) : done;
}

async function stopCorosync({ run = createRun(PATIENCE) }: Pick<CorosyncOptions, 'run'> = {}): Promise<
  Result<void>
> {
  const stopped = await runSuccessfully(run, 'systemctl', ['stop', 'corosync.service']);
  return stopped.ok ? success(undefined) : stopped;
}
