import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineTime, writeJournal } from './journal.ts';
import type { Place } from './place.ts';

/** What is active on this node, a file each, and what it was claimed as. */
export interface ResourceFiles {
  state(resource: string): string | undefined;
  active(prefix: string): readonly string[];
  /** From now on only this node may have it; claiming anew what it has says so again. */
  claim(resource: string, state: string, claim: string, identity: string): void;
  /** `state`: what is left of it. */
  release(resource: string, claim: string, state?: string): void;
  set(resource: string, state: string | undefined): void;
  touched(operation: string, resource: string): void;
  strayed(message: string): void;
}

export function resourceFiles(place: Place): ResourceFiles {
  mkdirSync(place.resources, { recursive: true });
  const path = (resource: string): string => join(place.resources, encodeURIComponent(resource));
  const { node } = place;

  function set(resource: string, state: string | undefined): void {
    if (state === undefined) return rmSync(path(resource), { force: true });
    writeFileSync(`${path(resource)}.new`, state);
    renameSync(`${path(resource)}.new`, path(resource));
  }

  function state(resource: string): string | undefined {
    return existsSync(path(resource)) ? readFileSync(path(resource), 'utf8') : undefined;
  }

  return {
    state,
    set,
    active: (prefix) =>
      readdirSync(place.resources)
        .filter((name) => !name.endsWith('.new'))
        .map(decodeURIComponent)
        .filter((name) => name.startsWith(prefix)),
    claim(resource, to, claim, identity) {
      const at = machineTime();
      set(resource, to);
      writeJournal(place.journal, { at, node, kind: 'claimed', claim, identity });
    },
    release(resource, claim, left) {
      writeJournal(place.journal, { at: machineTime(), node, kind: 'released', claim });
      set(resource, left);
    },
    touched(operation, resource) {
      writeJournal(place.journal, { at: machineTime(), node, kind: 'touched', operation, resource });
    },
    strayed(message) {
      writeJournal(place.journal, { at: machineTime(), node, kind: 'strayed', message });
    },
  };
}
