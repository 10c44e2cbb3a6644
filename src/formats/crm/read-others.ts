import type { FencingLevel, NodeDefinition, Tag } from '../../model/index.ts';
import type { Ids } from './ids.ts';
import type { Cursor } from './tokens.ts';

/** `tag NAME: RESOURCE ...`, with or without the colon. */
export function readTag(cursor: Cursor, ids: Ids): Tag {
  const id = ids.keep(cursor.take('the name of the tag').text.replace(/:$/, ''));
  const references: string[] = [];
  cursor.accept(':');
  do references.push(cursor.take('what is tagged').text);
  while (cursor.next !== undefined);
  return { id, references };
}

type Target = Pick<FencingLevel, 'target' | 'targetPattern' | 'targetAttribute' | 'targetValue'>;

/** `fencing_topology [TARGET] DEVICE[,DEVICE] ...`; without a target it counts for every node defined so far. */
export function readLevels(
  cursor: Cursor,
  ids: Ids,
  nodes: readonly NodeDefinition[],
): readonly FencingLevel[] {
  const levels: FencingLevel[] = [];
  let targets: readonly Target[] | undefined;
  let index = 0;
  while (cursor.next !== undefined) {
    const target = readTarget(cursor);
    if (target !== undefined) {
      targets = [target];
      index = 0;
      continue;
    }
    if (targets === undefined) {
      if (nodes.length === 0) cursor.fail('a target, or nodes defined before, are missing');
      targets = nodes.map(({ uname }) => ({ target: uname }));
    }
    const devices = cursor.take('a device').text.split(',');
    index += 1;
    for (const wanted of targets)
      levels.push({ id: ids.fresh('fencing'), ...wanted, index: String(index), devices });
  }
  if (levels.length === 0) cursor.fail('a fence device is missing');
  return levels;
}

function readTarget(cursor: Cursor): Target | undefined {
  const [, attribute, value] = cursor.match(/^attr:([^=]+)=(.+)$/) ?? [];
  if (attribute !== undefined && value !== undefined)
    return { targetAttribute: attribute, targetValue: value };
  const pattern = cursor.match(/^pattern:(.+)$/)?.[1];
  if (pattern !== undefined) return { targetPattern: pattern };
  const node = cursor.match(/^(.+):$/)?.[1];
  return node === undefined ? undefined : { target: node };
}
