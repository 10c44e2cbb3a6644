/** A list of nodes; its title goes with the headings. */
const NODE_LIST = /^ *\* (?:Remote|Guest)?(?:Online|OFFLINE): (?=\[ )/;

/** Headings end with a colon; so does no line below them. */
const HEADING = /^[^\t]*:$/;

/** Without headings, bullets and indentation: the form that crm_simulate uses where it is asked for scores. */
export const plain = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !HEADING.test(line))
    .map((line) => line.replace(NODE_LIST, '').replace(/^ *\* /, ''));
