/** What `sbd dump` (1.5.2) prints of a disk's header; times in seconds. */
export interface Header {
  readonly uuid: string;
  readonly slots: number;
  readonly watchdog: number;
  readonly msgwait: number;
}

/** Undefined where there is no header. */
export function parseHeader(dump: string): Header | undefined {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*: (\\S+)\\s*$`, 'm').exec(dump)?.[1];
  const uuid = value('UUID');
  const [slots, watchdog, msgwait] = [
    'Number of slots',
    'Timeout \\(watchdog\\)',
    'Timeout \\(msgwait\\)',
  ].map((name) => Number(value(name)));
  if (uuid === undefined || slots === undefined || watchdog === undefined || msgwait === undefined)
    return undefined;
  return [slots, watchdog, msgwait].every(Number.isInteger) ? { uuid, slots, watchdog, msgwait } : undefined;
}

/** The nodes that have a slot, as `sbd list` prints them: number, name, message, sender. */
export const parseSlots = (list: string): readonly string[] =>
  list.split('\n').flatMap((line) => {
    const [number = '', name] = line.split('\t');
    return /^[0-9]+$/.test(number) && name !== undefined ? [name] : [];
  });
