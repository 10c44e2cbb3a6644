import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { KnownOff } from '../engine/index.ts';
import type { Log } from '../ports/index.ts';

/**
 * The file that lets the next engine of this boot act without the peer, and tells it which nodes are off. It is there
 * exactly while the engine's state says `mayActAlone`.
 *
 * It lies in /run, which is memory: the calls are synchronous, wait for no disk, and are done before any effect of the
 * step that changed the state. So an engine that dies between the two has told nobody of that step, and what it was
 * about to write (a configuration that replaces the one on disk) is not begun either.
 */
export interface Marker {
  follow(mayActAlone: boolean, knownOff: KnownOff): void;
}

/** Its first line names the kernel boot that it is good for, the second one who is off, as JSON. */
const textOf = (boot: string, knownOff: KnownOff): string => `${boot}\n${JSON.stringify(knownOff)}\n`;

/** What the last engine of this boot has left; undefined: there was none, or it may not be followed. */
export function readMarker(text: string, boot: string): KnownOff | undefined {
  const [first, second = ''] = text.split('\n');
  if (first?.trim() !== boot) return undefined;
  const nobody = { ring: 0, nodes: [] };
  try {
    const { ring, nodes } = JSON.parse(second) as { readonly ring?: unknown; readonly nodes?: unknown };
    const isKnown = typeof ring === 'number' && Array.isArray(nodes);
    return isKnown ? { ring, nodes: nodes.filter((name) => typeof name === 'string') } : nobody;
  } catch {
    return nobody;
  }
}

/** `boot` names the kernel boot that it is good for. */
export function createMarker(path: string, boot: string, log: Log): Marker {
  /** What stands there, '' for no file; undefined: not known, and looked after at the next step. */
  let present: string | undefined;
  let told = '';
  return {
    follow(mayActAlone, knownOff) {
      const wanted = mayActAlone ? textOf(boot, knownOff) : '';
      if (present === wanted) return;
      present = undefined;
      try {
        if (mayActAlone) {
          writeFileSync(`${path}.new`, wanted, { mode: 0o600 });
          renameSync(`${path}.new`, path);
        } else {
          rmSync(path, { force: true });
        }
        present = wanted;
        told = '';
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) log.error('keelsond', `the marker ${path} is not as it should be: ${message}`);
        told = message;
      }
    },
  };
}
