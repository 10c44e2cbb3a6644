import { join } from 'node:path';

/** Where the programs of one node find things. Generated into the node's own agent host program. */
export interface Place {
  readonly node: string;
  /** In the node's memory: a power cut forgets it. */
  readonly resources: string;
  readonly journal: string;
  /** The pool's data, which DRBD would keep alike on both nodes: one folder for all nodes here. */
  readonly pool: string;
  /** The power switch's socket. */
  readonly power: string;
}

export const RESOURCES = '/run/keelson-test/resources';

export const journalOf = (folder: string): string => join(folder, 'journal');

export const poolOf = (folder: string): string => join(folder, 'pool');

export const powerOf = (folder: string): string => join(folder, 'power.sock');
