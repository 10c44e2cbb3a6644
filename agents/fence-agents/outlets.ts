/** The outlet or machine that an agent is given, by the option's name of today or its older one. */
export const plugOf = (options: Readonly<Record<string, string>>): string | undefined =>
  options['plug'] ?? options['port'];

/**
 * What the action `list` prints: a line each, `ID,NAME`, and either may be the option `plug`. Undefined where the
 * program cannot list, which it says in words.
 */
export function parseOutlets(stdout: string, separator = ','): readonly string[] | undefined {
  const lines = stdout.split('\n').filter((line) => line.includes(separator));
  if (lines.length === 0) return undefined;
  return lines
    .flatMap((line) => line.split(separator).map((cell) => cell.trim()))
    .filter((cell) => cell !== '');
}
