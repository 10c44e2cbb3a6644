import { SaxesParser } from 'saxes';
import type { Finding } from '../../model/index.ts';

/** An element as it stands in the text; comments, and blanks between elements, are not kept. Lines and columns from 1. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export type XmlResult =
  { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly finding: Finding };

type Open = Omit<XmlElement, 'children' | 'text'> & { readonly children: XmlElement[]; text: string };

/** Deeper than any cluster's definition; bounds what a hostile text can make us hold. */
const DEEPEST = 64;

class Malformed extends Error {}

/** Strict XML. Entities of a document type are not expanded. */
export function readXml(text: string): XmlResult {
  const parser = new SaxesParser();
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let start = { line: 1, column: 1 };
  const fail = (message: string): never => {
    throw new Malformed(message);
  };
  // It is told behind the name and one character more; the element is found where its '<' stands.
  parser.on('opentagstart', ({ name }) => {
    const column = parser.columnIndex - name.length - 1;
    start = column > 0 ? { line: parser.line, column } : { line: parser.line - 1, column: 1 };
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= DEEPEST) fail(`elements are nested more than ${DEEPEST} deep`);
    const element: Open = { name, attributes, children: [], text: '', ...start };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const keep = (part: string): void => {
    const current = open.at(-1);
    if (current !== undefined && part.trim() !== '') current.text += part;
  };
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (open.length === 0) root = closed;
  });
  parser.on('error', ({ message }) => fail(message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')));
  try {
    parser.write(text).close();
    return root === undefined ? fail('there is no element in it') : { ok: true, root };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { line } = parser;
    const column = parser.columnIndex + 1;
    return {
      ok: false,
      finding: {
        code: 'syntax_error',
        place: `line ${line}, column ${column}`,
        message: `This is not well-formed XML: ${error.message}.`,
        line,
        column,
      },
    };
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

const escapeXml = (text: string): string =>
  text.replace(/[&<>"\n\r\t]/g, (character) => ESCAPES[character] ?? character);

/** What is written: undefined attributes are left out. */
export interface XmlTree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (XmlTree | string)[];
}

/** Indented by two blanks a level. */
export function writeXml(tree: XmlTree): string {
  const lines: string[] = [];
  const write = ({ name, attributes, children }: XmlTree, indent: string): void => {
    const fields = Object.entries(attributes)
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([field, value]) => ` ${field}="${escapeXml(value)}"`)
      .join('');
    if (children.length === 0) {
      lines.push(`${indent}<${name}${fields}/>`);
      return;
    }
    const [only] = children;
    if (children.length === 1 && typeof only === 'string') {
      lines.push(`${indent}<${name}${fields}>${escapeXml(only)}</${name}>`);
      return;
    }
    lines.push(`${indent}<${name}${fields}>`);
    for (const child of children)
      if (typeof child === 'string') lines.push(`${indent}  ${escapeXml(child)}`);
      else write(child, `${indent}  `);
    lines.push(`${indent}</${name}>`);
  };
  write(tree, '');
  return `${lines.join('\n')}\n`;
}
