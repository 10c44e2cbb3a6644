/**
 * What is said in the same turn is told together: each message costs a system call and a turn on either side, and a
 * round of monitors or a failover says hundreds of things at once.
 */
export function gathered<Item>(tell: (items: readonly Item[]) => void): (item: Item) => void {
  let waiting: Item[] = [];
  return (item) => {
    waiting.push(item);
    if (waiting.length > 1) return;
    setImmediate(() => {
      const items = waiting;
      waiting = [];
      tell(items);
    });
  };
}
