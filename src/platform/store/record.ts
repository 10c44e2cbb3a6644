import { crc32 } from 'node:zlib';
import type { Snapshot, StoredEntry } from '../../ports/index.ts';

/**
 * The log's format: a header line, then one line a record, `LENGTH CHECKSUM JSON`. LENGTH is that of JSON in bytes,
 * CHECKSUM the CRC-32 of `LENGTH JSON` in eight hex digits. JSON holds no line break, so that records after a damaged
 * one are found again.
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
const PREFIX_LIMIT = 19;

/** The record that begins at `start` and where the next one begins; undefined where it is not whole and right. */
export function decodeRecord(
  file: Buffer,
  start: number,
): { readonly record: StoredRecord; readonly end: number } | undefined {
  const prefix = PREFIX.exec(file.toString('latin1', start, start + PREFIX_LIMIT));
  if (prefix === null) return undefined;
  const [text, lengthText, expected] = prefix;
  const length = Number(lengthText);
  const begin = start + text.length;
  const end = begin + length;
  if (file[end] !== LINE_FEED) return undefined;
  const json = file.subarray(begin, end);
  if (checksum(length, json) !== expected) return undefined;
  // What carries the right checksum was written by encodeRecord.
  return { record: JSON.parse(json.toString('utf8')) as StoredRecord, end: end + 1 };
}

/** Whether any whole record begins on a line after `start`: then what is wrong at `start` is no torn tail. */
export function recordFollows(file: Buffer, start: number): boolean {
  for (let at = file.indexOf(LINE_FEED, start); at !== -1; at = file.indexOf(LINE_FEED, at + 1)) {
    if (decodeRecord(file, at + 1) !== undefined) return true;
  }
  return false;
}
