import type { Node } from '../unpack/node.ts';

/**
 * Nodes in the order in which Pacemaker 2.1.5 (with GLib 2.74) comes across them when it goes through what a resource
 * thinks of each: its table is ordered by a hash of their ids. It shows where the first of several equally roomy nodes
 * is taken (ClusterLabs leaves that open); following it keeps a moved cluster's resources where they would have been.
 * Not followed: Pacemaker copies such tables now and then, which may change the places of ids that want the same one.
 *
 * @param nodes in the order in which they were put into the table
 */
export function inTableOrder(nodes: Iterable<Node>): readonly Node[] {
  let slots: Slots = emptySlots(SMALLEST);
  let count = 0;
  for (const node of nodes) {
    put(slots, node);
    count += 1;
    // Full, but for a sixteenth.
    if (slots.length > count + Math.floor(count / 16)) continue;
    const grown = emptySlots(2 ** Math.floor(count * 1.333).toString(2).length);
    for (const known of slots) if (known !== undefined) put(grown, known);
    slots = grown;
  }
  return slots.filter((node) => node !== undefined);
}

type Slots = (Node | undefined)[];

const SMALLEST = 8;

/** The prime next to each number of slots: the place is the remainder by it. */
const PRIMES = [7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093];

const emptySlots = (length: number): Slots => Array.from({ length }, () => undefined);

function put(slots: Slots, node: Node): void {
  const prime = PRIMES[Math.log2(slots.length / SMALLEST)] ?? slots.length - 1;
  let place = (Math.imul(hashOf(node.id), 11) >>> 0) % prime;
  for (let step = 1; slots[place] !== undefined; step += 1) place = (place + step) & (slots.length - 1);
  slots[place] = node;
}

const hashOf = (id: string): number => {
  let hash = 0;
  for (const byte of bytesOf(id)) hash = (Math.imul(hash, 31) + ((byte << 24) >> 24)) >>> 0;
  // Two values mean something else to the table.
  return Math.max(hash, 2);
};

/** In UTF-8. */
const bytesOf = (text: string): readonly number[] =>
  Array.from(encodeURIComponent(text).matchAll(/%(..)|(.)/g), ([, hex, character = '']) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  );
