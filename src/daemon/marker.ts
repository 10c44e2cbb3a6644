import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Log } from '../ports/index.ts';

/**
 * The file that lets the next engine of this boot act without the peer. It is there exactly while the engine's state
 * says `mayActAlone`.
 *
 * It lies in /run, which is memory: the calls are synchronous, wait for no disk, and are done before any effect of the
 * step that changed the state. So an engine that dies between the two has told nobody of that step, and what it was
 * about to write (a configuration that replaces the one on disk) is not begun either.
 */
export interface Marker {
  follow(mayActAlone: boolean): void;
}

/** `boot` names the kernel boot that it is good for. */
export function createMarker(path: string, boot: string, log: Log): Marker {
  /** undefined: not known, and looked after at the next step. */
  let present: boolean | undefined;
  let told = '';
  return {
    follow(mayActAlone) {
      if (present === mayActAlone) return;
      present = undefined;
      try {
        if (mayActAlone) {
          writeFileSync(`${path}.new`, boot, { mode: 0o600 });
          renameSync(`${path}.new`, path);
        } else {
          rmSync(path, { force: true });
        }
        present = mayActAlone;
        told = '';
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) log.error('keelsond', `the marker ${path} is not as it should be: ${message}`);
        told = message;
      }
    },
  };
}
