import sax from 'sax';
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

/** `strictEntities`, which the types do not know: XML's own five entities and no others. */
const OPTIONS: sax.SAXOptions & { readonly strictEntities: boolean } = {
  strictEntities: true,
  position: true,
};

class Malformed extends Error {}

/** Strict XML. Entities of a document type are not expanded. */
export function readXml(text: string): XmlResult {
  const parser = sax.parser(true, OPTIONS);
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let start = { line: 1, column: 1 };
  const fail = (message: string): never => {
    throw new Malformed(message);
  };
  // sax counts lines and columns from 0; an element is found where its '<' stands.
  parser.onopentagstart = () => {
    start = {
      line: parser.line + 1,
      column: Math.max(1, parser.column - (parser.position - parser.startTagPosition)),
    };
  };
  parser.onopentag = ({ name, attributes }) => {
    if (root !== undefined) fail('there is a second outermost element');
    if (open.length >= DEEPEST) fail(`elements are nested more than ${DEEPEST} deep`);
    const element: Open = {
      name,
      attributes: attributes as Record<string, string>,
      children: [],
      text: '',
      ...start,
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  };
  const keep = (part: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += part.trim() === '' ? '' : part;
  };
  parser.ontext = keep;
  parser.oncdata = keep;
  parser.onclosetag = () => {
    const closed = open.pop();
    if (open.length === 0) root = closed;
  };
  parser.onerror = ({ message }) => fail((message.split('\n')[0] ?? message).replace(/\.$/, ''));
  try {
    parser.write(text).close();
    if (root === undefined) fail('there is no element in it');
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return {
      ok: false,
      finding: {
        code: 'syntax_error',
        place: `line ${parser.line + 1}, column ${parser.column + 1}`,
        message: `This is not well-formed XML: ${error.message}.`,
        line: parser.line + 1,
        column: parser.column + 1,
      },
    };
  }
  return root === undefined ? readXml('') : { ok: true, root };
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
