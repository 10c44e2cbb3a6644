/**
 * Sorts in place, stably, by halving the list and merging. Pacemaker's order of instances is not a total one (two
 * inactive instances are 'equal' whatever their numbers are), so what comes out depends on which pairs are compared;
 * the built-in sort compares others than GLib's list sort does.
 */
export function mergeSort<T>(list: T[], compare: (left: T, right: T) => number): void {
  const sorted = sort(list, compare);
  for (const [position, element] of sorted.entries()) list[position] = element;
}

function sort<T>(list: readonly T[], compare: (left: T, right: T) => number): readonly T[] {
  if (list.length < 2) return list;
  const half = Math.floor(list.length / 2);
  const left = sort(list.slice(0, half), compare);
  const right = sort(list.slice(half), compare);
  const merged: T[] = [];
  let next = 0;
  for (const element of left) {
    let other = right[next];
    while (other !== undefined && compare(element, other) > 0) {
      merged.push(other);
      next += 1;
      other = right[next];
    }
    merged.push(element);
  }
  return merged.concat(right.slice(next));
}
