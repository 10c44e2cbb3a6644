/** One word of a statement. Quotes are taken off; `quoted` words are never keywords. Line and column from 1. */
export interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly line: number;
  readonly column: number;
}

/** `raw`: the statement as written, continuation lines joined; for `xml`. */
export interface Statement {
  readonly tokens: readonly Token[];
  readonly raw: string;
}

/** Thrown while a text is read; becomes one finding. */
export class CrmSyntaxError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(at: { readonly line: number; readonly column: number }, message: string) {
    super(message);
    this.line = at.line;
    this.column = at.column;
  }
}

/**
 * Statements end with the line unless a backslash stands last; `#` at the beginning of a line is a comment. Inside
 * double or single quotes blanks count; in double quotes a backslash takes the meaning off a quote or a backslash.
 */
export function statements(text: string): readonly Statement[] {
  const found: Statement[] = [];
  let tokens: Token[] = [];
  let raw: string[] = [];
  const lines = text.split(/\r?\n/);
  lines.forEach((line, index) => {
    if (tokens.length === 0 && /^\s*(#|$)/.test(line)) return;
    const continues = /\\\s*$/.test(line);
    const content = continues ? line.replace(/\\\s*$/, '') : line;
    raw.push(content);
    if (!/^\s*xml\s/.test(raw[0] ?? '')) tokens.push(...tokensOf(content, index + 1));
    else if (tokens.length === 0) tokens.push({ text: 'xml', isQuoted: false, line: index + 1, column: 1 });
    if (continues && index < lines.length - 1) return;
    if (tokens.length > 0) found.push({ tokens, raw: raw.join('\n') });
    tokens = [];
    raw = [];
  });
  return found;
}

function tokensOf(line: string, number: number): readonly Token[] {
  const found: Token[] = [];
  let position = 0;
  while (position < line.length) {
    if (/\s/.test(line.charAt(position))) {
      position += 1;
      continue;
    }
    const start = position;
    let text = '';
    let isQuoted = false;
    while (position < line.length && !/\s/.test(line.charAt(position))) {
      const character = line.charAt(position);
      position += 1;
      if (character !== '"' && character !== "'") {
        text += character;
        continue;
      }
      isQuoted ||= text === '';
      const inside = quoted(line, position, character);
      if (inside === undefined)
        throw new CrmSyntaxError({ line: number, column: position }, `the quote ${character} is not closed`);
      text += inside.text;
      position = inside.end;
    }
    found.push({ text, isQuoted, line: number, column: start + 1 });
  }
  return found;
}

function quoted(
  line: string,
  start: number,
  quote: string,
): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  for (let position = start; position < line.length; position += 1) {
    const character = line.charAt(position);
    const next = line.charAt(position + 1);
    if (character === quote) return { text, end: position + 1 };
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      position += 1;
    } else text += character;
  }
  return undefined;
}

/** A word as it must be written so that it is read as the same word. */
export function quote(text: string): string {
  if (text !== '' && !/[\s"'\\]/.test(text)) return text;
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** A walk along the words of one statement. */
export class Cursor {
  readonly tokens: readonly Token[];
  position = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get next(): Token | undefined {
    return this.tokens[this.position];
  }

  /** The word after the next one. */
  get second(): Token | undefined {
    return this.tokens[this.position + 1];
  }

  get rest(): readonly Token[] {
    return this.tokens.slice(this.position);
  }

  take(what: string): Token {
    const token = this.next;
    if (token === undefined) this.fail(`${what} is missing`);
    this.position += 1;
    return token;
  }

  /** Takes the next word if it is this keyword. */
  accept(keyword: string): boolean {
    const token = this.next;
    if (token === undefined || token.isQuoted || token.text !== keyword) return false;
    this.position += 1;
    return true;
  }

  /** Takes the next word if the pattern fits; gives the match. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    const token = this.next;
    const match = token === undefined || token.isQuoted ? null : pattern.exec(token.text);
    if (match === null) return undefined;
    this.position += 1;
    return match;
  }

  fail(message: string, at: Token | undefined = this.next ?? this.tokens.at(-1)): never {
    throw new CrmSyntaxError(at ?? { line: 1, column: 1 }, message);
  }

  end(): void {
    if (this.next !== undefined) this.fail(`'${this.next.text}' does not belong here`);
  }
}
