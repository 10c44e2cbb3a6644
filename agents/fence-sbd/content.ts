import { open, stat } from 'node:fs/promises';
import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';
import { slotsOn } from './disks.ts';
import { parseHeader, type Header } from './header.ts';

/** What stands where SBD keeps its header and slots. */
export type Content =
  | { readonly kind: 'empty' }
  /** Something that is not SBD's. */
  | { readonly kind: 'other' }
  /** A header is nobody's while `nodes` is empty. */
  | { readonly kind: 'sbd'; readonly header: Header; readonly nodes: readonly string[] };

/** sbd(8): about a megabyte with sectors of 512 bytes, and eight times as much with 4096. */
const SECTORS = 2048;

/**
 * Looks at a block device and changes nothing. Failures: `disk_missing`, `disk_too_small`; whether somebody uses it, and
 * signatures of other things, are the caller's to look for.
 */
export async function lookAtContent(disk: string, run: AgentContext['run']): Promise<Result<Content>> {
  const found = await stat(disk).catch(() => undefined);
  if (found?.isBlockDevice() !== true)
    return failed(
      failure('disk_missing', `SBD disk ${disk} ${found ? 'is not a block device' : 'does not exist'}`),
    );
  const sized = await run('blockdev', ['--getsize64', '--getss', disk]);
  if (!sized.ok) return sized;
  const [size = NaN, sector = NaN] = sized.value.stdout.trim().split('\n').map(Number);
  if (sized.value.exitCode !== 0 || !Number.isInteger(size) || !Number.isInteger(sector))
    return failed(
      failure('disk_missing', `the size of SBD disk ${disk} cannot be told: ${complaint(sized.value)}`),
    );
  if (size < SECTORS * sector)
    return failed(
      failure('disk_too_small', `SBD disk ${disk} has ${size} bytes and needs ${SECTORS * sector}`),
    );
  const dumped = await run('sbd', ['-d', disk, 'dump']);
  if (!dumped.ok) return dumped;
  const header = dumped.value.exitCode === 0 ? parseHeader(dumped.value.stdout) : undefined;
  if (header === undefined) return nothingOrOther(disk, SECTORS * sector);
  const nodes = await slotsOn(disk, run);
  return nodes.ok ? success({ kind: 'sbd', header, nodes: nodes.value }) : nodes;
}

async function nothingOrOther(disk: string, length: number): Promise<Result<Content>> {
  try {
    const file = await open(disk, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
      const isEmpty = bytesRead === length && buffer.every((byte) => byte === 0);
      return success({ kind: isEmpty ? 'empty' : 'other' });
    } finally {
      await file.close();
    }
  } catch (error) {
    return failed(
      failure('disk_missing', `SBD disk ${disk} cannot be read: ${(error as NodeJS.ErrnoException).message}`),
    );
  }
}
