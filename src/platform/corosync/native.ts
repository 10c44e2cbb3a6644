import { koffi } from '../foreign.ts';
import type { RingId } from '../../ports/index.ts';
import type { NativeRingId, Pointer } from './library.ts';

/** Reads what callbacks are given, by copying: the memory behind a pointer is gone when the callback returns. */

/** A copy; `koffi.view` would alias memory that is about to be reused. */
export function copyBytes(pointer: Pointer, length: number): Buffer {
  if (length === 0) return Buffer.alloc(0);
  const copy = koffi.decode(pointer, 'uint8_t', length) as Uint8Array;
  return Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength);
}

export function copyNodes(pointer: Pointer, count: number): number[] {
  const bytes = copyBytes(pointer, count * 4);
  return Array.from({ length: count }, (_, index) => bytes.readUInt32LE(index * 4));
}

export interface Address {
  readonly node: number;
  readonly process: number;
  /** `cpg_reason_t`, 0 where it has no meaning. */
  readonly reason: number;
}

const ADDRESS_SIZE = 12;

/** An array of `struct cpg_address`. */
export function copyAddresses(pointer: Pointer, count: number | bigint): Address[] {
  const length = Number(count);
  const bytes = copyBytes(pointer, length * ADDRESS_SIZE);
  return Array.from({ length }, (_, index) => ({
    node: bytes.readUInt32LE(index * ADDRESS_SIZE),
    process: bytes.readUInt32LE(index * ADDRESS_SIZE + 4),
    reason: bytes.readUInt32LE(index * ADDRESS_SIZE + 8),
  }));
}

const NAME_SIZE = 132;
const NAME_LIMIT = 127;

/** A `struct cpg_name`: length and up to 128 bytes, the last of them zero. */
export function groupName(name: string): Buffer {
  const text = Buffer.from(name);
  if (text.length === 0 || text.length > NAME_LIMIT) {
    throw new RangeError(`a group name has 1 to ${NAME_LIMIT} bytes`);
  }
  const bytes = Buffer.alloc(NAME_SIZE);
  bytes.writeUInt32LE(text.length, 0);
  text.copy(bytes, 4);
  return bytes;
}

export const ringIdOf = (ring: NativeRingId): RingId => ({ node: ring.nodeid, sequence: Number(ring.seq) });

/**
 * Wraps a callback that native code calls. koffi swallows what is thrown in there; a bug must end the process
 * instead, as it would anywhere else, so it is thrown again outside.
 */
export function guarded<Parameters extends unknown[]>(
  callback: (...parameters: Parameters) => void,
): (...parameters: Parameters) => void {
  return (...parameters) => {
    try {
      callback(...parameters);
    } catch (bug) {
      setImmediate(() => {
        throw bug;
      });
    }
  };
}
