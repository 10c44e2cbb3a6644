import { readFile, rm } from 'node:fs/promises';
import { messageWait, success, type Milliseconds, type Result, type SbdSettings } from '../../model/index.ts';
import { writeOwned } from '../formation/owned-file.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';

export interface SbdServiceOptions {
  readonly run?: Run;
  /** Resolves after that many milliseconds. */
  readonly pause: (duration: Milliseconds) => Promise<void>;
  /** What the unit reads. */
  readonly environment?: string;
  /** What is added to the unit until the next boot. */
  readonly dropIn?: string;
}

const UNIT = 'keelson-sbd.service';
const ENVIRONMENT = '/etc/keelson/sbd';
const DROP_IN = `/run/systemd/system/${UNIT}.d/member.conf`;
/** Milliseconds; a start waits for its disks, see `environmentOf`. */
const PATIENCE = 90_000;

/**
 * What sbd(8) reads from its environment. Not flushed before a reset: a flush would wait for a mirror that is frozen. No
 * delay of its own at the start: the daemon obeys from the first moment on, and who waits is `startSbd`.
 */
export const environmentOf = (node: string, { disks, watchdog, watchdogTimeout }: SbdSettings): string =>
  `# Written by Keelson; changes are overwritten.
SBD_DEVICE="${Object.keys(disks).join(';')}"
SBD_WATCHDOG_DEV=${watchdog}
SBD_WATCHDOG_TIMEOUT=${watchdogTimeout / 1000}
SBD_PACEMAKER=no
SBD_SYNC_RESOURCE_STARTUP=no
SBD_DELAY_START=no
SBD_TIMEOUT_ACTION=noflush,reboot
SBD_MOVE_TO_ROOT_CGROUP=auto
SBD_OPTS="-n ${node} -s 20"
`;

/**
 * From here on the node takes part, and its daemon must not be away for longer than a moment: a message that comes
 * meanwhile must not be thrown away at the next start, and where there is no next start the node has to go down.
 */
const MEMBER = `# Written by Keelson, for this boot.
[Unit]
StartLimitIntervalSec=30
StartLimitBurst=5
StartLimitAction=reboot-immediate

[Service]
Restart=always
RestartSec=100ms
Environment=SBD_STARTMODE=clean
`;

/**
 * Resolves when the daemon obeys messages, and the node may become a member: whoever has put it out by a message waits
 * for msgwait, and the node must not be back before that is over. What runs already is left alone.
 */
export async function startSbd(
  node: string,
  settings: SbdSettings,
  { run = createRun(PATIENCE), pause, environment = ENVIRONMENT, dropIn = DROP_IN }: SbdServiceOptions,
): Promise<Result<void>> {
  const written = await writeOwned(environment, environmentOf(node, settings), 0o600);
  if (!written.ok) return written;
  const isMarked = (await readFile(dropIn, 'utf8').catch(() => undefined)) === MEMBER;
  const isRunning = await isActive(UNIT, run);
  if (isRunning && isMarked) return success(undefined);
  const isMember = await isActive('corosync.service', run);
  if (!isRunning) {
    // A node that takes no part yet has nothing to answer for: what was written for its last life is thrown away.
    if (isMarked && !isMember) {
      await rm(dropIn, { force: true });
      const reloaded = await runSuccessfully(run, 'systemctl', ['daemon-reload']);
      if (!reloaded.ok) return reloaded;
    }
    await run('systemctl', ['reset-failed', UNIT]);
    const started = await runSuccessfully(run, 'systemctl', ['start', UNIT]);
    if (!started.ok) return started;
  }
  if (!isMember) await pause(messageWait(settings));
  const marked = await writeOwned(dropIn, MEMBER, 0o644);
  if (!marked.ok) return marked;
  const reloaded = await runSuccessfully(run, 'systemctl', ['daemon-reload']);
  return reloaded.ok ? success(undefined) : reloaded;
}

export const isSbdRunning = (run: Run = createRun(PATIENCE)): Promise<boolean> => isActive(UNIT, run);

async function isActive(unit: string, run: Run): Promise<boolean> {
  const asked = await run('systemctl', ['is-active', '--quiet', unit]);
  return asked.ok && asked.value.exitCode === 0;
}
