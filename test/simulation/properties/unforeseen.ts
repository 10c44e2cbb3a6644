import type { Work } from '../agent-host.ts';
import { resourceOf } from './dealings.ts';

/**
 * Milliseconds in which an engine may not know yet what came about behind its back: a monitor every ten seconds, which
 * may take its ten seconds and fail twice before it can tell.
 */
const NOT_KNOWN_YET = 60_000;
/** Milliseconds until what can be looked at again is started where it belongs, for which a node may have to be fenced. */
const ON_ITS_WAY = 60_000;

/**
 * What became of the resources of one machine without its engine's knowing: an operation that was given up had its effect
 * all the same, an agent lied, or somebody took something away. Orders that were right before are no mistakes of the engine.
 */
export class Unforeseen {
  /** A story in which people do all kinds of things at any time. */
  isByHand = false;
  private readonly at = new Map<string, number>();
  /** Resources that could not be looked at when that was last tried, or of which something else has failed since they were started. */
  private readonly unseen = new Set<string>();
  /** Of these, those of which the engine knew nothing before: a look of its own that fails changes nothing that it knows. */
  private readonly unknown = new Set<string>();
  private readonly troubled = new Set<string>();
  private readonly seenAgain = new Map<string, number>();

  note(what: Pick<Work, 'agent' | 'parameters'>, now: number): void {
    this.at.set(resourceOf(what), now);
    // Until it was started again, however long nobody can do that.
    this.troubled.add(resourceOf(what));
  }

  isRecent(what: Pick<Work, 'agent' | 'parameters'>, now: number): boolean {
    const at = this.at.get(resourceOf(what));
    return this.isByHand || (at !== undefined && now - at < NOT_KNOWN_YET);
  }

  /** Of any of them, or one of which nothing is known cannot be looked at. */
  isAnyRecent(now: number): boolean {
    for (const at of this.at.values()) if (now - at < NOT_KNOWN_YET) return true;
    return this.isByHand || this.unknown.size > 0;
  }

  /** `isOwnLook`: nobody has ordered it, nor is it the look after an order that failed. */
  ended(work: Work, isWell: boolean, now: number, isOwnLook: boolean): void {
    const resource = resourceOf(work);
    if (isWell) this.unknown.delete(resource);
    else if (work.operation === 'monitor' && !isOwnLook) this.unknown.add(resource);
    const failed = work.operation === 'monitor' ? this.unseen : this.troubled;
    // Its success may itself be a lie.
    const isTrue = this.at.get(resource) !== now;
    if (!isWell) failed.add(resource);
    else if (work.operation === 'start' && isTrue) failed.delete(resource);
    else if (work.operation === 'monitor' && failed.delete(resource)) this.seenAgain.set(resource, now);
  }

  isTroubled(what: Pick<Work, 'agent' | 'parameters'>, now: number): boolean {
    const resource = resourceOf(what);
    const seenAgain = this.seenAgain.get(resource);
    const isOnItsWay = seenAgain !== undefined && now - seenAgain < ON_ITS_WAY;
    return isOnItsWay || this.troubled.has(resource) || this.unseen.has(resource);
  }

  /** The power comes back: nothing of all that is left, and the peer has had time to learn that it was gone. */
  forget(now: number): void {
    for (const resource of [...this.unseen, ...this.troubled]) this.seenAgain.set(resource, now);
    this.at.clear();
    this.unseen.clear();
    this.unknown.clear();
    this.troubled.clear();
  }
}
