import { isDeed, type Observation, type Result } from '../../../src/model/index.ts';
import type { Work } from '../agent-host.ts';
import { Violation } from '../violation.ts';

/** Milliseconds. A deed that was done is not done again before its success can have been written down. */
const BEING_WRITTEN_DOWN = 4000;

type What = Pick<Work, 'agent' | 'operation' | 'parameters'>;

/** Of which resource of a machine this is: the engine's names are its own. */
export function resourceOf({ agent, parameters }: Pick<What, 'agent' | 'parameters'>): string {
  const subject = parameters['lun'] ?? parameters['snapshot'] ?? parameters['address'] ?? '';
  return typeof subject === 'string' && subject !== '' ? `${agent} ${subject}` : agent;
}

/** What one life of an engine has had done on its machine: what is under way, and what it has looked at. */
export class Dealings {
  private readonly name: string;
  private readonly underWay = new Map<string, Work>();
  private readonly lookedAt = new Set<string>();
  /** What an order has brought about, as far as no look has told anything else since. */
  private readonly known = new Map<string, Observation>();
  /** When what must be done once was done, and in which generation. */
  private readonly deeds = new Map<string, { readonly at: number; readonly generation: number }>();

  constructor(name: string) {
    this.name = name;
  }

  /** S9, S7: never two operations on one resource at once, and no deed twice while its success is being written down. */
  begin(work: Work, now: number, generation: number): void {
    const resource = resourceOf(work);
    const other = this.underWay.get(resource);
    if (other !== undefined)
      throw new Violation(
        'S9',
        `${this.name} begins ${work.operation} of ${resource} while its ${other.operation} is under way`,
      );
    const done = this.deeds.get(deedOf(work));
    if (done?.generation === generation && now - done.at < BEING_WRITTEN_DOWN)
      throw new Violation(
        'S7',
        `${this.name} begins ${work.operation} of ${resource} again, ${now - done.at} ms after it was done`,
      );
    this.underWay.set(resource, work);
  }

  end(work: Work, result: Result<Observation>, now: number, generation: number): void {
    const resource = resourceOf(work);
    if (this.underWay.get(resource) === work) this.underWay.delete(resource);
    if (result.ok) this.lookedAt.add(resource);
    if (result.ok && work.operation !== 'monitor') this.known.set(resource, result.value);
    else if (!result.ok || this.known.get(resource)?.state !== result.value.state)
      this.known.delete(resource);
    if (work.agent !== 'drbd' && isDeed(work.operation) && result.ok)
      this.deeds.set(deedOf(work), { at: now, generation });
  }

  get isIdle(): boolean {
    return this.underWay.size === 0;
  }

  /** What is being done to it now. */
  at(what: What): Work | undefined {
    return this.underWay.get(resourceOf(what));
  }

  /** What the last order for it has brought about; undefined where something else was seen or tried since. */
  knownOf(what: What): Observation | undefined {
    return this.known.get(resourceOf(what));
  }

  hasLookedAt(what: What): boolean {
    return this.lookedAt.has(resourceOf(what));
  }
}

const deedOf = ({ operation, agent, parameters }: What): string =>
  `${operation} ${agent} ${JSON.stringify(parameters)}`;
