import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { lookAtContent, type Content } from './content.ts';
import { checkHeader, slotsOn } from './disks.ts';

/** UUIDs in the headers of disks, by path. */
export type DiskIdentities = Readonly<Record<string, string>>;

export interface DiskPlan {
  readonly disks: readonly string[];
  /** Seconds; msgwait is twice that. */
  readonly watchdog: number;
  /** What an earlier attempt on this node has made, and nobody else uses. */
  readonly made: DiskIdentities;
  /** Paths of disks that may lose what they carry, as a person has said. */
  readonly overwrite: readonly string[];
}

/** What is to be done with each disk; changes nothing. `sbd_disk_foreign` where it carries what is not to be lost. */
export async function planDisks(
  plan: DiskPlan,
  run: AgentContext['run'],
): Promise<Result<readonly { readonly disk: string; readonly keeps: string | undefined }[]>> {
  const steps: { disk: string; keeps: string | undefined }[] = [];
  for (const disk of plan.disks) {
    const looked = await lookAtContent(disk, run);
    if (!looked.ok) return looked;
    const content = looked.value;
    const isOurs = content.kind === 'sbd' && content.header.uuid === plan.made[disk];
    const why = isOurs || plan.overwrite.includes(disk) ? undefined : objection(disk, content);
    if (why !== undefined) return failed(failure('sbd_disk_foreign', why));
    const fits =
      isOurs &&
      content.header.watchdog === plan.watchdog &&
      content.header.msgwait === messageWaitOf(plan.watchdog);
    steps.push({ disk, keeps: fits ? content.header.uuid : undefined });
  }
  return success(steps);
}

const messageWaitOf = (watchdog: number): number => 2 * watchdog;

/** A header without slots was left by somebody who did not go on; nothing is lost with it. */
function objection(disk: string, content: Content): string | undefined {
  switch (content.kind) {
    case 'empty':
      return undefined;
    case 'other':
      return `SBD disk ${disk} carries something that is not SBD's`;
    case 'sbd': {
      const { header, nodes } = content;
      if (nodes.length === 0) return undefined;
      return `SBD disk ${disk} has the header ${header.uuid} of a cluster with ${nodes.slice(0, 8).join(', ')}`;
    }
  }
}

/**
 * Gives each disk a header with the times of this cluster, unless an earlier attempt has. `remember` is called when one
 * was made, before anybody uses it: an attempt that ends here is completed by the next one.
 */
export async function makeDisks(
  plan: DiskPlan,
  run: AgentContext['run'],
  remember: (made: DiskIdentities) => Promise<Result<void>>,
): Promise<Result<DiskIdentities>> {
  const planned = await planDisks(plan, run);
  if (!planned.ok) return planned;
  const made: Record<string, string> = {};
  for (const { disk, keeps } of planned.value) {
    if (keeps !== undefined) {
      made[disk] = keeps;
      continue;
    }
    const created = await createHeader(disk, plan.watchdog, run);
    if (!created.ok) return created;
    made[disk] = created.value;
    const remembered = await remember({ ...plan.made, ...made });
    if (!remembered.ok) return remembered;
  }
  // Two names of one disk: the later header has taken the place of the earlier one.
  for (const [disk, uuid] of Object.entries(made)) {
    const header = await checkHeader(disk, uuid, run);
    if (header.ok) continue;
    if (header.failure.code !== 'fence_disk_wrong') return header;
    return failed(failure('fence_disk_wrong', `SBD disk ${disk} is one of the others by another name`));
  }
  return success(made);
}

async function createHeader(
  disk: string,
  watchdog: number,
  run: AgentContext['run'],
): Promise<Result<string>> {
  const times = ['-1', String(watchdog), '-4', String(messageWaitOf(watchdog))];
  const created = await run('sbd', ['-d', disk, ...times, 'create']);
  if (!created.ok) return created;
  if (created.value.exitCode !== 0)
    return failed(
      failure('command_failed', `SBD disk ${disk} was not initialised: ${complaint(created.value)}`),
    );
  const looked = await lookAtContent(disk, run);
  if (!looked.ok) return looked;
  return looked.value.kind === 'sbd'
    ? success(looked.value.header.uuid)
    : failed(failure('sbd_disk_lost', `SBD disk ${disk} does not keep what is written to it`));
}

/** This node takes its slot on every disk, each of which has to be the cluster's own. May be repeated. */
export async function takeSlots(
  disks: DiskIdentities,
  node: string,
  run: AgentContext['run'],
): Promise<Result<void>> {
  for (const [disk, uuid] of Object.entries(disks)) {
    const header = await checkHeader(disk, uuid, run);
    if (!header.ok) return header;
    const slots = await slotsOn(disk, run);
    if (!slots.ok) return slots;
    if (slots.value.includes(node)) continue;
    const allocated = await run('sbd', ['-d', disk, 'allocate', node]);
    if (!allocated.ok) return allocated;
    if (allocated.value.exitCode !== 0)
      return failed(
        failure('command_failed', `${node} got no slot on SBD disk ${disk}: ${complaint(allocated.value)}`),
      );
  }
  return success(undefined);
}
