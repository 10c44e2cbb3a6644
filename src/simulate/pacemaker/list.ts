/** A heading, with remarks in brackets, above indented bullets; nothing where there are no lines. */
export const headed = (heading: string, remarks: readonly string[], lines: readonly string[]): string[] => {
  if (lines.length === 0) return [];
  const remark = remarks.length > 0 ? ` (${remarks.join(', ')})` : '';
  return [`${heading}${remark}:`, ...indented(lines)];
};

/** One level deeper: what is a bullet already moves to the right, the rest becomes one. */
const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (/^ *\* /.test(line) ? `  ${line}` : `  * ${line}`));

/** The outermost level. */
export const bulleted = indented;
