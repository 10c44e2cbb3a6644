import type { XmlTree } from './xml.ts';

export const tree = (
  name: string,
  attributes: XmlTree['attributes'],
  children: XmlTree['children'] = [],
): XmlTree => ({ name, attributes, children });
