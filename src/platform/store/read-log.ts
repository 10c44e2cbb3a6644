import { failed, failure, success } from '../../model/index.ts';
import type { Result } from '../../model/index.ts';
import type { Damage, Segment, Snapshot, StoredEntry } from '../../ports/index.ts';
import { decodeRecord, FORMAT, HEADER, isTorn, nextRecord } from './record.ts';

export interface ReadLog extends Segment {
  readonly damage: Damage | undefined;
  /** Whole entries behind the damaged place. */
  readonly beyond: readonly StoredEntry[];
  /** Where the next record goes; what stands from here on is damaged. 0 where not even the header is right. */
  readonly end: number;
}

/**
 * Reads as many whole records as stand in an unbroken row, and what entries stand behind. Fails with `store_newer`
 * where a newer Keelson wrote the file; `copy`, where there is one, is asked for what the header says of that.
 */
export function readLog(file: Buffer, copy?: Buffer): Result<ReadLog> {
  const headerIsRight = file.toString('latin1', 0, HEADER.length) === HEADER;
  if (!headerIsRight) {
    const newer = newerFormat(file);
    if (newer !== undefined && (copy === undefined || newerFormat(copy) !== undefined))
      return failed(
        failure('store_newer', `the log has format ${newer}; this version of Keelson reads ${FORMAT}`),
      );
  }
  const row = readRow(file, HEADER.length);
  if (!headerIsRight) {
    const torn = HEADER.startsWith(file.toString('latin1', 0, HEADER.length));
    const message = torn
      ? `the header is incomplete (${file.length} bytes); the log is empty`
      : 'the header is damaged';
    return success({ ...row, end: 0, beyond: readBeyond(file, row.end), damage: damage(torn, message) });
  }
  const excess = file.length - row.end;
  if (excess === 0) return success({ ...row, beyond: [], damage: undefined });
  const place = `at byte ${row.end} of ${file.length}`;
  if (isTorn(file.subarray(row.end))) {
    const message = `the last record, ${place}, is incomplete; its ${excess} bytes are cut off`;
    return success({ ...row, beyond: [], damage: damage(true, message) });
  }
  const message = `a record ${place} is damaged; it and what stands behind it (${excess} bytes) may be lost`;
  return success({ ...row, beyond: readBeyond(file, row.end), damage: damage(false, message) });
}

const damage = (torn: boolean, message: string): Damage => ({ kind: torn ? 'torn' : 'damaged', message });

/** The format that the header names, where it is a later one than ours. */
function newerFormat(file: Buffer): number | undefined {
  const version = Number(/^keelson-store ([0-9]{1,6})\n/.exec(file.toString('latin1', 0, 64))?.[1] ?? 0);
  return version > FORMAT ? version : undefined;
}

function readRow(file: Buffer, start: number): Segment & { readonly end: number } {
  let snapshot: Snapshot | undefined;
  const entries: StoredEntry[] = [];
  let end = start;
  for (let next = decodeRecord(file, end); next !== undefined; next = decodeRecord(file, end)) {
    if (next.record.kind === 'entry') entries.push(next.record.entry);
    // Only ever written at the start of a log.
    else snapshot = next.record.snapshot;
    end = next.end;
  }
  return { snapshot, entries, end };
}

function readBeyond(file: Buffer, start: number): readonly StoredEntry[] {
  const entries: StoredEntry[] = [];
  const spoilt = decodeRecord(file, start, true);
  if (spoilt?.record.kind === 'entry') entries.push(spoilt.record.entry);
  const from = spoilt === undefined ? nextRecord(file, start) : spoilt.end;
  for (let at: number | undefined = from; at !== undefined; at = nextRecord(file, at - 1)) {
    const row = readRow(file, at);
    entries.push(...row.entries);
    at = row.end;
  }
  return entries;
}
