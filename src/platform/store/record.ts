import { crc32 } from 'node:zlib';
import type { Snapshot, StoredEntry } from '../../ports/index.ts';

/**
 * The log's format: a header line, then one line a record, `LENGTH CHECKSUM JSON`. LENGTH is that of JSON in bytes,
 * CHECKSUM the CRC-32 of `LENGTH JSON` in eight hex digits. JSON holds no line break, so that records after a damaged
 * one are found again. A format to come names itself in the header, and is written to the copy beside the log before
 * it is written to the log: so a header alone that names another one is damaged (`read-log.ts`).
 */
export type StoredRecord =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'entry'; readonly entry: StoredEntry };

export const FORMAT = 1;
export const HEADER = `keelson-store ${FORMAT}\n`;

const checksum = (length: number, json: Uint8Array | string): string =>
  crc32(json, crc32(`${length} `))
    .toString(16)
    .padStart(8, '0');

export function encodeRecord(record: StoredRecord): Buffer {
  const json = JSON.stringify(record);
  const length = Buffer.byteLength(json);
  return Buffer.from(`${length} ${checksum(length, json)} ${json}\n`);
}

const LINE_FEED = 0x0a;
const PREFIX = /^([1-9][0-9]{0,8}) ([0-9a-f]{8}) /;
const PREFIX_BEGUN = /^(?:[1-9][0-9]{0,8}(?: [0-9a-f]{0,8})?)?$/;
const PREFIX_LIMIT = 19;

/**
 * The record that begins at `start` and where the next one begins; undefined where it is not whole and right. Behind a
 * damaged place (`salvaged`) only the line break after it may be something else.
 */
export function decodeRecord(
  file: Buffer,
  start: number,
  salvaged = false,
): { readonly record: StoredRecord; readonly end: number } | undefined {
  const prefix = PREFIX.exec(file.toString('latin1', start, start + PREFIX_LIMIT));
  if (prefix === null) return undefined;
  const [text, lengthText, expected] = prefix;
  const length = Number(lengthText);
  const begin = start + text.length;
  const end = begin + length;
  if (file[end] !== LINE_FEED && !(salvaged && end < file.length)) return undefined;
  const json = file.subarray(begin, end);
  if (checksum(length, json) !== expected) return undefined;
  const record = parse(json.toString('utf8'));
  return record === undefined ? undefined : { record, end: end + 1 };
}

/** What carries the right checksum was written by `encodeRecord`; but that is no reason to end where it was not. */
function parse(json: string): StoredRecord | undefined {
  try {
    const record = JSON.parse(json) as Partial<Record<'snapshot' | 'entry', unknown>> & { kind?: unknown };
    const content = record.kind === 'snapshot' ? record.snapshot : record.entry;
    const isKnown = record.kind === 'snapshot' || record.kind === 'entry';
    return isKnown && typeof content === 'object' && content !== null ? (record as StoredRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether these bytes are what a write that was cut short leaves of a record: its beginning, then nothing or zeros. */
export function isTorn(rest: Buffer): boolean {
  let length = rest.length;
  while (length > 0 && rest[length - 1] === 0) length -= 1;
  const left = rest.subarray(0, length);
  if (left.includes(LINE_FEED) || left.includes(0)) return false;
  const prefix = PREFIX.exec(left.toString('latin1', 0, PREFIX_LIMIT));
  if (prefix === null) return PREFIX_BEGUN.test(left.toString('latin1'));
  return left.length <= prefix[0].length + Number(prefix[1]);
}

/** Where the next whole record begins on a line after `start`. */
export function nextRecord(file: Buffer, start: number): number | undefined {
  for (let at = file.indexOf(LINE_FEED, start); at !== -1; at = file.indexOf(LINE_FEED, at + 1)) {
    if (decodeRecord(file, at + 1) !== undefined) return at + 1;
  }
  return undefined;
}
