/** Where a text stops being JSON, and why. Line and column from 1. */
export interface JsonMistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const BLANK = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or ]' | ', or }' | 'end';

/**
 * Finds the first place at which a text is not JSON, for Node's own parser does not always tell. `undefined`: it is
 * JSON after all.
 */
export const findJsonMistake = (text: string): JsonMistake | undefined => {
  const open: ('[' | '{')[] = [];
  let at = 0;
  let expected: Expected = 'value';
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  const takeSign = (sign: string): boolean => {
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const afterValue = (): Expected => {
    const innermost = open.at(-1);
    if (innermost === undefined) return 'end';
    return innermost === '[' ? ', or ]' : ', or }';
  };
  const close = (): Expected => {
    open.pop();
    return afterValue();
  };
  const step = (): Expected | undefined => {
    switch (expected) {
      case 'value or ]':
        if (takeSign(']')) return close();
        return value();
      case 'value':
        return value();
      case 'name or }':
        if (takeSign('}')) return close();
        return take(TEXT) ? ':' : undefined;
      case 'name':
        return take(TEXT) ? ':' : undefined;
      case ':':
        return takeSign(':') ? 'value' : undefined;
      case ', or ]':
        if (takeSign(']')) return close();
        return takeSign(',') ? 'value' : undefined;
      case ', or }':
        if (takeSign('}')) return close();
        return takeSign(',') ? 'name' : undefined;
      case 'end':
        return undefined;
    }
  };
  const value = (): Expected | undefined => {
    if (takeSign('[')) {
      open.push('[');
      return 'value or ]';
    }
    if (takeSign('{')) {
      open.push('{');
      return 'name or }';
    }
    return take(TEXT) || take(PLAIN) ? afterValue() : undefined;
  };
  for (;;) {
    take(BLANK);
    if (expected === 'end' && at === text.length) return undefined;
    const next = step();
    if (next === undefined) return mistakeAt(text, at, expected);
    expected = next;
  }
};

const mistakeAt = (text: string, at: number, expected: Expected): JsonMistake => {
  const lines = text.slice(0, at).split('\n');
  const found = at >= text.length ? 'the text ends' : `there is ${JSON.stringify(text[at])}`;
  return {
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    message: `${found} where ${expected === 'end' ? 'nothing more' : expected} may stand`,
  };
};
