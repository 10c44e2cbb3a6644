import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { parseHeader, parseSlots } from './header.ts';
import type { SbdParameters } from './parameters.ts';

/** Success where a message to the node on this disk would be read, or its watchdog would have put it out by then. */
async function inspect(
  disk: string,
  uuid: string,
  node: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const dumped = await context.run('sbd', ['-d', disk, 'dump']);
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
  const listed = await context.run('sbd', ['-d', disk, 'list']);
  if (!listed.ok) return listed;
  if (!parseSlots(listed.value.stdout).includes(node))
    return failed(failure('fence_outlet_unknown', `SBD disk ${disk} has no slot for ${node}`));
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
