import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { parseHeader, parseSlots, type Header } from './header.ts';
import type { SbdParameters } from './parameters.ts';

/** The header of a disk that was made for this cluster, and whose times prove something; else the failure. */
export async function checkHeader(
  disk: string,
  uuid: string,
  run: AgentContext['run'],
): Promise<Result<Header>> {
  const dumped = await run('sbd', ['-d', disk, 'dump']);
  if (!dumped.ok) return dumped;
  const header = parseHeader(dumped.value.stdout);
  if (dumped.value.exitCode !== 0 || header === undefined)
    return failed(
      failure('fence_unreachable', `SBD disk ${disk} cannot be read: ${complaint(dumped.value)}`),
    );
  if (header.uuid !== uuid)
    return failed(
      failure('fence_disk_wrong', `SBD disk ${disk} was made for something else: ${header.uuid}`),
    );
  // sbd(8), "Timeouts": a node that can read nothing any more has been put out by its watchdog before msgwait is over.
  if (header.msgwait < 2 * header.watchdog)
    return failed(
      failure(
        'fence_disk_wrong',
        `SBD disk ${disk} waits ${header.msgwait} s for a message, less than twice the watchdog's ${header.watchdog} s`,
      ),
    );
  return success(header);
}

/** Who has a slot on a disk that has a header. */
export async function slotsOn(disk: string, run: AgentContext['run']): Promise<Result<readonly string[]>> {
  const listed = await run('sbd', ['-d', disk, 'list']);
  return listed.ok ? success(parseSlots(listed.value.stdout)) : listed;
}

/** Success where a message to the node on this disk would be read, or its watchdog would have put it out by then. */
async function inspect(
  disk: string,
  uuid: string,
  node: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const run: AgentContext['run'] = (program, args) => context.run(program, args);
  const header = await checkHeader(disk, uuid, run);
  if (!header.ok) return header;
  const slots = await slotsOn(disk, run);
  if (!slots.ok) return slots;
  // Every node takes its own slot, so this also tells that it sees another disk than this node does.
  if (!slots.value.includes(node))
    return failed(
      failure(
        'fence_outlet_unknown',
        `SBD disk ${disk} has no slot for ${node}: it has not joined yet, or sees another disk by that path`,
      ),
    );
  return success(undefined);
}

/** The majority of them has to be in order; of the others the log tells. */
export async function inspectDisks(
  { node, disks }: SbdParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const entries = Object.entries(disks);
  const seen = await Promise.all(entries.map(([disk, uuid]) => inspect(disk, uuid, node, context)));
  const failures = seen.flatMap((result): Failure[] => (result.ok ? [] : [result.failure]));
  const [first] = failures;
  if (first === undefined) return success(undefined);
  if (failures.length * 2 > entries.length) return failed(first);
  for (const { message } of failures) context.log(message);
  return success(undefined);
}
