import { lower } from '../rules/text.ts';

/** Whether agents of a standard can tell the instances of a clone apart. */
export function canBeUnique(standard: string | undefined): boolean {
  return standard !== undefined && ['ocf', 'stonith'].includes(lower(standard));
}

/** Whether agents of a standard know how to be promoted. */
export function canBePromoted(standard: string | undefined): boolean {
  return standard !== undefined && lower(standard) === 'ocf';
}
