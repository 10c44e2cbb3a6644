import { readFileSync } from 'node:fs';

/** Empty where it is gone: a process or a file may be by now. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
