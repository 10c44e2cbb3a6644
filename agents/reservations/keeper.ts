import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentContext } from '../../src/ports/index.ts';
import type { Place } from '../lvm-command/lvm.ts';
import { pause } from '../pause.ts';
import { readWhole, replace } from './files.ts';
import { changeMark, readMarks } from './marks.ts';
import { copiesFolder, fileOf, mounted, serialOf, writtenFolder, type ReservationPlaces } from './places.ts';
import { readRegistrations } from './registrations.ts';

/** Milliseconds between looks whether the volume was mounted, or mounted anew. */
const LOOK = 2000;

/** Copies of one group's files, and marks of the LUNs that have any. */
class Keeper {
  readonly #places: ReservationPlaces;
  readonly #place: Place;
  readonly #context: AgentContext;
  #marks: Set<string> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(places: ReservationPlaces, place: Place, context: AgentContext) {
    this.#places = places;
    this.#place = place;
    this.#context = context;
  }

  /** One after the other. What fails is tried again with the next change, or the next look at all of them. */
  keep(serial: string): Promise<void> {
    this.#last = this.#last
      .then(() => this.#copy(serial))
      .catch((error: unknown) => {
        this.#context.log(`a copy of the reservations of ${serial}: ${String(error)}`);
      });
    return this.#last;
  }

  async keepAll(): Promise<void> {
    for (const name of await readdir(writtenFolder(this.#places, this.#place.volumeGroup))) {
      const serial = serialOf(name);
      if (serial !== undefined) await this.keep(serial);
    }
  }

  async #copy(serial: string): Promise<void> {
    const { volumeGroup } = this.#place;
    const content = await readWhole(join(writtenFolder(this.#places, volumeGroup), fileOf(serial)));
    const registrations = content === undefined ? undefined : readRegistrations(content);
    // Being written just now: there will be another change. Or torn: the copy is what there is.
    if (content === undefined || registrations === undefined) return;
    const path = join(copiesFolder(this.#places, volumeGroup), fileOf(serial));
    if ((await readWhole(path)) !== content) await replace(path, content);
    if (registrations.length > 0) await this.#mark(serial);
  }

  async #mark(serial: string): Promise<void> {
    if (this.#marks === undefined) {
      const marks = await readMarks(this.#place, this.#context);
      if (!marks.ok) throw new Error(marks.failure.message);
      this.#marks = new Set(marks.value);
    }
    if (this.#marks.has(serial)) return;
    const marked = await changeMark('add', this.#place, serial, this.#context);
    if (!marked.ok) throw new Error(marked.failure.message);
    this.#marks.add(serial);
  }
}

/** Until the signal aborts: a copy of each file as soon as the kernel has written it, while the volume is mounted. */
export async function keepCopies(
  places: ReservationPlaces,
  place: Place,
  context: AgentContext,
): Promise<void> {
  const { signal } = context;
  while (!signal.aborted) {
    const mount = mounted(places, place.volumeGroup);
    if (mount !== undefined) await keepCopiesOf(mount, places, place, context);
    else if (!(await pause(LOOK, signal))) return;
  }
}

async function keepCopiesOf(
  mount: string,
  places: ReservationPlaces,
  place: Place,
  context: AgentContext,
): Promise<void> {
  const keeper = new Keeper(places, place, context);
  const watcher = watch(writtenFolder(places, place.volumeGroup), (_, name) => {
    const serial = name === null ? undefined : serialOf(name);
    if (serial !== undefined) void keeper.keep(serial);
  });
  // It goes with what it watches; the next look sees that.
  watcher.on('error', () => undefined);
  try {
    await keeper.keepAll();
    while (mounted(places, place.volumeGroup) === mount) if (!(await pause(LOOK, context.signal))) return;
  } finally {
    watcher.close();
  }
}
