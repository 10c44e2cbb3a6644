import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Observation, type Result } from '../../src/model/index.ts';
import type { Agent, AgentContext } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import { debounce } from '../debounce.ts';
import { isGone } from '../kernel-files.ts';
import { operation, parseParameters } from '../operation.ts';
import { pause } from '../pause.ts';
import { initialise } from './initialise.ts';
import { followKernel } from './kernel-events.ts';
import { parseKernelStatus, parseKernelVersion, type KernelStatus } from './kernel-status.ts';
import { observe } from './observation.ts';
import { drbdParameters, type DrbdParameters } from './parameters.ts';
import { generationsOf } from './generations.ts';
import { prepareDisk } from './prepare.ts';
import { reconnect } from './reconnect.ts';
import { renderResourceFile } from './resource-file.ts';
import { resourceFilePath, resourceFolder } from './resource-place.ts';
import { readIfThere } from '../kernel-files.ts';
import { carriesVolumes, whoHolds } from './holders.ts';
import { writePrivateFile } from '../write-file.ts';

export interface DrbdPaths {
  /** Where drbdadm looks for resource files. */
  readonly resourceFolder: string;
  readonly kernelStatus: string;
  /** Where the kernel tells the size of a device. */
  readonly devices: string;
}

const realPaths: DrbdPaths = { resourceFolder, kernelStatus: '/proc/drbd', devices: '/sys/block' };

/** udev looks into a device that was written to, for a moment, whenever it is closed: not a holder worth a failure. */
const holdAttempts = 10;
const holdPause = 300;

export function createDrbdAgent(paths: DrbdPaths = realPaths): Agent {
  async function kernelStatus(minor: number): Promise<KernelStatus | undefined> {
    const text = await readFile(paths.kernelStatus, 'utf8').catch((error: unknown) => {
      if (isGone(error)) return ''; // The module is not loaded.
      throw error;
    });
    return parseKernelStatus(text, minor);
  }

  /** /proc/drbd of another DRBD shows no devices at all: nothing may be concluded from that. */
  const withThisKernel =
    (work: (parameters: DrbdParameters, context: AgentContext) => Promise<Result<Observation>>) =>
    async (parameters: DrbdParameters, context: AgentContext): Promise<Result<Observation>> => {
      const version = parseKernelVersion((await readIfThere(paths.kernelStatus)) ?? '');
      return version === undefined || version.startsWith('8.4.')
        ? work(parameters, context)
        : failed(failure('agent_failed', `the kernel runs DRBD ${version}; Keelson works with 8.4`));
    };
  const checked = (work: Parameters<typeof withThisKernel>[0]) =>
    operation(drbdParameters, withThisKernel(work));

  async function observed({ pool, minor }: DrbdParameters): Promise<Observation> {
    const sectors = await readIfThere(join(paths.devices, `drbd${minor}`, 'size'));
    return observe(pool, await kernelStatus(minor), Number(sectors ?? 0) * 512);
  }

  async function start(parameters: DrbdParameters, context: AgentContext): Promise<Result<Observation>> {
    const before = await kernelStatus(parameters.minor);
    const path = resourceFilePath(paths.resourceFolder, parameters.pool);
    if (before === undefined || before.disk === 'Diskless') {
      const prepared = await prepareDisk(parameters, paths.resourceFolder, context);
      if (!prepared.ok) return prepared;
    } else {
      const text = renderResourceFile(parameters, context.node);
      const same = (await readIfThere(path)) === text.trim();
      if (same && before.connection !== 'StandAlone') return success(await observed(parameters));
      await writePrivateFile(path, text);
    }
    // Does what is missing: all of it after a boot, the rest after a start that was interrupted.
    const adjusted = await runSuccessfully(context, 'drbdadm', ['adjust', parameters.pool]);
    return adjusted.ok ? success(await observed(parameters)) : adjusted;
  }

  /** A change that the kernel refuses while someone has the device open. */
  async function whenNotHeld(
    args: readonly string[],
    { pool, minor }: DrbdParameters,
    context: AgentContext,
  ): Promise<Result<undefined>> {
    for (let attempt = 1; ; attempt += 1) {
      const ran = await context.run('drbdsetup', args);
      if (!ran.ok) return ran;
      if (ran.value.exitCode === 0) return success(undefined);
      const text = ran.value.stderr + ran.value.stdout;
      if (/\(-158\)|unknown resource/i.test(text)) return success(undefined);
      if (!/\(-12\)|held open/i.test(text)) return commandFailed('drbdsetup', args, ran.value);
      const mayPass = attempt < holdAttempts && !(await carriesVolumes(minor));
      if (mayPass && (await pause(holdPause, context.signal))) continue;
      const holders = await whoHolds(minor);
      return failed(failure('agent_failed', `DRBD ${pool} (/dev/drbd${minor}) is held open by ${holders}`));
    }
  }

  async function stop(parameters: DrbdParameters, context: AgentContext): Promise<Result<Observation>> {
    const loaded = (await readIfThere(paths.kernelStatus)) !== undefined;
    if (loaded) {
      const down = await whenNotHeld(['down', parameters.pool], parameters, context);
      if (!down.ok) return down;
    }
    return success(await observed(parameters));
  }

  const becomePrimary = ({ minor }: DrbdParameters, context: AgentContext): Promise<Result<unknown>> =>
    runSuccessfully(context, 'drbdsetup', ['primary', String(minor)]);

  async function promote(parameters: DrbdParameters, context: AgentContext): Promise<Result<Observation>> {
    const status = await kernelStatus(parameters.minor);
    if (status?.role !== 'Primary') {
      const first = await becomePrimary(parameters, context);
      // A connection that died unnoticed costs the kernel all of its attempts but the one that calls the handler: it
      // has the answer then, and still refuses (-7).
      const isAnswered = !first.ok && (await kernelStatus(parameters.minor))?.peerDisk === 'Outdated';
      const promoted =
        isAnswered && /\(-7\)/.test(first.failure.message) ? await becomePrimary(parameters, context) : first;
      if (!promoted.ok) return promoted;
    }
    return success(await observed(parameters));
  }

  async function demote(parameters: DrbdParameters, context: AgentContext): Promise<Result<Observation>> {
    const status = await kernelStatus(parameters.minor);
    if (status?.role === 'Primary') {
      const demoted = await whenNotHeld(['secondary', String(parameters.minor)], parameters, context);
      if (!demoted.ok) return demoted;
    }
    return success(await observed(parameters));
  }

  return {
    name: 'drbd',
    monitor: checked(async (parameters, context) => {
      const seen = await observed(parameters);
      const generations = await generationsOf(parameters.minor, seen, context);
      return success(generations === undefined ? seen : { ...seen, facts: { ...seen.facts, generations } });
    }),
    start: checked(start),
    stop: checked(stop),
    promote: checked(promote),
    demote: checked(demote),
    create: checked(async (parameters, context) => {
      const made = await initialise(parameters, () => kernelStatus(parameters.minor), context);
      return made.ok ? success(await observed(parameters)) : made;
    }),
    reconnect: checked(async (parameters, context) => {
      const look = (): Promise<KernelStatus | undefined> => kernelStatus(parameters.minor);
      const tried = await reconnect(parameters, look, context);
      return tried.ok ? success(await observed(parameters)) : tried;
    }),
    async watch(raw, context, changed) {
      const parameters = parseParameters(drbdParameters, raw);
      if (!parameters.ok) {
        context.log(parameters.failure.message);
        return;
      }
      const burst = debounce(50, changed);
      await followKernel(parameters.value.pool, context.signal, burst.call);
      burst.cancel();
    },
  };
}
