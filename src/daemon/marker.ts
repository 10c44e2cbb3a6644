import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Legacy } from '../engine/index.ts';
import type { Log } from '../ports/index.ts';

/**
 * The file in which an engine leaves to the next one of this boot what that must know to act without the peer. It is
 * there exactly while the engine has something to leave.
 *
 * It lies in /run, which is memory: the calls are synchronous, wait for no disk, and are done before any effect of the
 * step that changed the state. So an engine that dies between the two has told nobody of that step, and what it was
 * about to write (a configuration that replaces the one on disk) is not begun either.
 */
export interface Marker {
  follow(legacy: Legacy | undefined): void;
}

/** Its first line names the kernel boot that it is good for, the second one is JSON. */
const textOf = (boot: string, legacy: Legacy): string => `${boot}\n${JSON.stringify(legacy)}\n`;

const Shape = z.object({
  generation: z.int(),
  knownOff: z.object({ ring: z.int(), nodes: z.array(z.string()) }),
});

/** What the last engine of this boot has left; undefined: nothing, or nothing that can be understood. */
export function readMarker(text: string, boot: string): Legacy | undefined {
  const [first, second = ''] = text.split('\n');
  if (first?.trim() !== boot) return undefined;
  try {
    return Shape.safeParse(JSON.parse(second)).data;
  } catch {
    return undefined;
  }
}

/** `boot` names the kernel boot that it is good for. */
export function createMarker(path: string, boot: string, log: Log): Marker {
  /** What stands there, '' for no file; undefined: not known, and looked after at the next step. */
  let present: string | undefined;
  let told = '';
  return {
    follow(legacy) {
      const wanted = legacy === undefined ? '' : textOf(boot, legacy);
      if (present === wanted) return;
      present = undefined;
      try {
        if (legacy !== undefined) {
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
