import type { NodeView } from '../model/index.ts';

/** What a node is, and what it is asked to be: `online, standby`. */
export function nodeState({ state, standby, maintenance, leaving }: NodeView): string {
  const departure = state === 'offline' ? 'left' : 'leaving';
  return [
    state,
    ...(standby === true ? ['standby'] : []),
    ...(maintenance === true ? ['maintenance'] : []),
    ...(leaving === true ? [departure] : []),
  ].join(', ');
}
