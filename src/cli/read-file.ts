import { readFileSync } from 'node:fs';
import { usage } from './failures.ts';

export const standardInput = '-';

/** YAML contains JSON. What it says is checked by the API, which knows the schema. */
export async function readDocument(path: string): Promise<object> {
  const { parse } = await import('yaml');
  const text = readText(path);
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0, prettyErrors: true });
  } catch (problem) {
    throw usage(`${path} is neither YAML nor JSON: ${(problem as Error).message.split('\n')[0] ?? ''}`);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw usage(`${path} holds no names and values`);
  return document;
}

export function readText(path: string): string {
  try {
    return readFileSync(path === standardInput ? 0 : path, 'utf8');
  } catch (problem) {
    throw usage(`${path} cannot be read: ${(problem as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
}
