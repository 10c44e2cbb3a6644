import { failed, failure, success } from '../../model/index.ts';
import type { Result } from '../../model/index.ts';
import type { Snapshot, StoredEntry, StoredLog } from '../../ports/index.ts';
import { decodeRecord, FORMAT, HEADER, recordFollows } from './record.ts';

export interface ReadLog {
  readonly log: StoredLog;
  /** Where the next record goes; what stands from here on is damaged. 0 where not even the header is right. */
  readonly end: number;
  /** What is cut off may hold records that were acknowledged: keep a copy of the file. */
  readonly keepCopy: boolean;
}

/** Reads as many whole records as stand in an unbroken row. Fails where a newer Keelson wrote the file. */
export function readLog(file: Buffer): Result<ReadLog> {
  const header = file.toString('latin1', 0, HEADER.length);
  if (header !== HEADER) return readForeign(file, header);

  let snapshot: Snapshot | undefined;
  const entries: StoredEntry[] = [];
  let end = HEADER.length;
  for (let next = decodeRecord(file, end); next !== undefined; next = decodeRecord(file, end)) {
    if (next.record.kind === 'entry') entries.push(next.record.entry);
    // Only ever written at the start of a log.
    else snapshot = next.record.snapshot;
    end = next.end;
  }

  const excess = file.length - end;
  if (excess === 0) return success({ log: { snapshot, entries, damage: undefined }, end, keepCopy: false });
  const middle = recordFollows(file, end);
  const place = `at byte ${end} of ${file.length}`;
  const damage = middle
    ? `a record ${place} is damaged; it and the records after it (${excess} bytes) are not used`
    : `the last record, ${place}, is incomplete or damaged; its ${excess} bytes are cut off`;
  return success({ log: { snapshot, entries, damage }, end, keepCopy: middle });
}

function readForeign(file: Buffer, header: string): Result<ReadLog> {
  const version = /^keelson-store ([0-9]+)\n/.exec(file.toString('latin1', 0, 64))?.[1];
  if (version !== undefined && Number(version) > FORMAT) {
    return failed(
      failure('store_damaged', `the log has format ${version}; this version of Keelson reads ${FORMAT}`),
    );
  }
  const torn = HEADER.startsWith(header);
  const damage = torn
    ? `the header is incomplete (${file.length} bytes); the log is empty`
    : `the header is damaged; none of the ${file.length} bytes are used`;
  return success({
    log: { snapshot: undefined, entries: [], damage },
    end: 0,
    keepCopy: !torn,
  });
}
