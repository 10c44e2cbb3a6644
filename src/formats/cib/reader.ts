import type { Finding } from '../../model/index.ts';
import type { XmlElement } from './xml.ts';

/** Collects what is wrong while a document is read. */
export class Reader {
  readonly findings: Finding[] = [];

  note(code: Finding['code'], element: XmlElement, message: string): void {
    const { line, column } = element;
    const id = element.attributes['id'];
    this.findings.push({
      code,
      place: id === undefined ? `<${element.name}>` : `${element.name} '${id}'`,
      message,
      line,
      column,
    });
  }

  /** A field that must be there; noted where it is not. */
  required(element: XmlElement, field: string): string | undefined {
    const value = element.attributes[field];
    if (value === undefined)
      this.note('missing_field', element, `The field '${field}' is missing; the part is left out.`);
    return value;
  }

  unknown(element: XmlElement, parent: string): void {
    this.note(
      'unknown_element',
      element,
      `<${element.name}> is not known inside <${parent}>; it is left out.`,
    );
  }
}

/** All fields but the named ones. */
export function fieldsWithout(element: XmlElement, ...names: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  // Copied one by one: an object from which a field was deleted is slow to use ever after.
  for (const [name, value] of Object.entries(element.attributes))
    if (!names.includes(name)) fields[name] = value;
  return fields;
}

/** The named fields that are there, under the model's names. */
export function pick<Key extends string>(
  element: XmlElement,
  names: Readonly<Record<Key, string>>,
): Partial<Record<Key, string>> {
  const found: Partial<Record<Key, string>> = {};
  for (const key of Object.keys(names) as Key[]) {
    const value = element.attributes[names[key]];
    if (value !== undefined) found[key] = value;
  }
  return found;
}
