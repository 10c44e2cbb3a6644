const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', 'A-Za-z0-9'],
  ['alpha', 'A-Za-z'],
  ['blank', ' \\t'],
  ['digit', '0-9'],
  ['lower', 'a-z'],
  ['punct', '!-\\/:-@\\[-`{-~'],
  ['space', '\\s'],
  ['upper', 'A-Z'],
  ['xdigit', 'A-Fa-f0-9'],
]);

/** A POSIX extended regular expression as constraints write it; `undefined` where it cannot be understood. */
export function compilePattern(text: string): RegExp | undefined {
  const source = text.replace(/\[:([a-z]+):\]/g, (all, name: string) => CLASSES.get(name) ?? all);
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}
