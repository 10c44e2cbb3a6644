/** The longest line on the engine's socket, in bytes. */
const LINE_LIMIT = 2 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a byte stream into lines. Memory is bounded by the limit. */
export interface LineReader {
  /** The lines that this chunk completes, or `too-long` where one exceeds the limit; nothing may be pushed after that. */
  push(chunk: Buffer): readonly string[] | 'too-long';
}

export function createLineReader(limit = LINE_LIMIT): LineReader {
  let held: Buffer[] = [];
  let length = 0;
  return {
    push(chunk) {
      const lines: string[] = [];
      let rest = chunk;
      for (;;) {
        const end = rest.indexOf(NEWLINE);
        const part = end === -1 ? rest : rest.subarray(0, end);
        length += part.length;
        if (length > limit) return 'too-long';
        held.push(part);
        if (end === -1) return lines;
        lines.push(Buffer.concat(held).toString('utf8'));
        held = [];
        length = 0;
        rest = rest.subarray(end + 1);
      }
    },
  };
}

/** The value of a line of JSON, or undefined where it is none. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
