import {
  assertNever,
  failed,
  failure,
  roundUpToExtent,
  success,
  within,
  type ClusterConfig,
  type Command,
  type Failure,
  type LunIntent,
  type Milliseconds,
  type Result,
} from '../../model/index.ts';
import { changeUnderWay } from './lun-changes.ts';
import { leaveOut } from './leave-out.ts';
import { begin, finish } from './operations.ts';

type GrowthCommand = Extract<Command, { kind: 'lun.grow' | 'lun.grown' | 'lun.growFailed' }>;

/** A LUN becomes larger while it is served. What changes nothing gives the very same configuration back. */
export function applyGrowth(
  config: ClusterConfig,
  command: GrowthCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'lun.grow':
      return growLun(config, command, at);
    case 'lun.grown':
      return success(endGrowth(config, command, at, undefined));
    case 'lun.growFailed':
      return success(endGrowth(config, command, at, within(command.name, command.failure)));
    default:
      return assertNever(command);
  }
}

function growLun(
  config: ClusterConfig,
  { name, size, operation }: Extract<Command, { kind: 'lun.grow' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  const wanted = roundUpToExtent(size);
  const checked = checkGrowth(config, name, wanted);
  if (!checked.ok) return checked;
  const lun = checked.value;
  if (wanted === (lun.grow?.size ?? lun.size)) return success(config);
  const progress = `the volume is extended from ${lun.size} to ${wanted} bytes`;
  return success({
    ...config,
    luns: { ...config.luns, [name]: { ...lun, grow: { size: wanted, operation } } },
    operations: begin(config, { id: operation, kind: 'lun.grow', subject: name, progress }, at),
  });
}

/** The LUN where it may be asked for this size (whole extents), which it may have already, or be growing to. */
export function checkGrowth(config: ClusterConfig, name: string, wanted: number): Result<LunIntent> {
  const lun = Object.hasOwn(config.luns, name) ? config.luns[name] : undefined;
  if (lun === undefined) return failed(failure('lun_not_found', `there is no LUN ${name}`));
  const { grow, size } = lun;
  const busy = changeUnderWay(leaveOut(lun, 'grow'));
  if (busy !== undefined) return busy;
  if (grow !== undefined && grow.size !== wanted) {
    const what = `LUN ${name} is being extended to ${grow.size} bytes (operation ${grow.operation})`;
    return failed(failure('lun_busy', what));
  }
  if (wanted < size)
    return failed(failure('lun_would_shrink', `LUN ${name} has ${size} bytes, and ${wanted} were asked for`));
  return success(lun);
}

/** Of another growth than the present one it is late, and changes nothing. */
function endGrowth(
  config: ClusterConfig,
  { name, operation }: { readonly name: string; readonly operation: string },
  at: Milliseconds,
  cause: Failure | undefined,
): ClusterConfig {
  const lun = config.luns[name];
  if (lun?.grow?.operation !== operation) return config;
  const size = cause === undefined ? lun.grow.size : lun.size;
  const ended: LunIntent = { ...leaveOut(lun, 'grow'), size };
  return finish({ ...config, luns: { ...config.luns, [name]: ended } }, operation, at, cause);
}

/** Its LUN is to be deleted: nobody waits for it any more. */
export function abandonGrowth(config: ClusterConfig, name: string, at: Milliseconds): ClusterConfig {
  const operation = config.luns[name]?.grow?.operation;
  if (operation === undefined) return config;
  const cause = failure('lun_busy', `LUN ${name} was deleted meanwhile`);
  return endGrowth(config, { name, operation }, at, cause);
}
