/**
 * Messages on the wire. Corosync blocks on large ones, so a message travels as frames of at most 64 KiB, in order:
 * version (1 byte), last frame or not (1 byte), zero (2 bytes), message number (4 bytes), frame index (4 bytes),
 * bytes of the message; little endian. The number differs between consecutive messages of a sender.
 */
export const FRAME_LIMIT = 64 * 1024;
/** Bytes of UTF-8; a whole configuration with a thousand LUNs is about 1 MiB. */
export const MESSAGE_LIMIT = 16 * 1024 * 1024;

const VERSION = 1;
const HEADER = 12;
const CONTENT_LIMIT = FRAME_LIMIT - HEADER;

/** Throws where the payload exceeds `MESSAGE_LIMIT`: its sender must bound it. */
export function splitMessage(payload: string, number: number): Buffer[] {
  const content = Buffer.from(payload, 'utf8');
  if (content.length > MESSAGE_LIMIT) throw new RangeError('a message must not exceed 16 MiB');
  const count = Math.max(1, Math.ceil(content.length / CONTENT_LIMIT));
  return Array.from({ length: count }, (_, index) => {
    const part = content.subarray(index * CONTENT_LIMIT, (index + 1) * CONTENT_LIMIT);
    const frame = Buffer.alloc(HEADER + part.length);
    frame.writeUInt8(VERSION, 0);
    frame.writeUInt8(index === count - 1 ? 1 : 0, 1);
    frame.writeUInt32LE(number >>> 0, 4);
    frame.writeUInt32LE(index, 8);
    part.copy(frame, HEADER);
    return frame;
  });
}

export type Assembled =
  | { readonly kind: 'message'; readonly payload: string }
  | { readonly kind: 'partial' }
  /** Not ours, or its beginning was sent before we joined. */
  | { readonly kind: 'dropped'; readonly reason: string };

interface Partial {
  readonly number: number;
  readonly parts: Buffer[];
  size: number;
}

/** Joins the frames of each sender. Frames of different senders may come interleaved, those of one sender in order. */
export interface Assembler {
  accept(sender: string, frame: Buffer): Assembled;
  /** The rest of a message of a sender that left never comes; its process number may even be given again. */
  forget(sender: string): void;
}

export function createAssembler(): Assembler {
  const partials = new Map<string, Partial>();

  function drop(sender: string, reason: string): Assembled {
    partials.delete(sender);
    return { kind: 'dropped', reason };
  }

  return {
    accept(sender, frame) {
      if (frame.length < HEADER) return drop(sender, 'a frame without a header');
      if (frame.readUInt8(0) !== VERSION) return drop(sender, `a frame of version ${frame.readUInt8(0)}`);
      const last = frame.readUInt8(1) === 1;
      const number = frame.readUInt32LE(4);
      const index = frame.readUInt32LE(8);
      const content = frame.subarray(HEADER);
      // A first frame always begins anew, whatever was left unfinished.
      if (index === 0) {
        partials.delete(sender);
        if (last) return { kind: 'message', payload: content.toString('utf8') };
        partials.set(sender, { number, parts: [content], size: content.length });
        return { kind: 'partial' };
      }
      const partial = partials.get(sender);
      if (partial?.number !== number || partial.parts.length !== index) {
        return drop(sender, 'a message whose beginning was not received');
      }
      partial.parts.push(content);
      partial.size += content.length;
      if (partial.size > MESSAGE_LIMIT) return drop(sender, 'a message over 16 MiB');
      if (!last) return { kind: 'partial' };
      partials.delete(sender);
      return { kind: 'message', payload: Buffer.concat(partial.parts).toString('utf8') };
    },
    forget(sender) {
      partials.delete(sender);
    },
  };
}
