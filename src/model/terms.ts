import type { Milliseconds } from './units.ts';

/** What a client asks of the way in which its request is carried out. */
export interface RequestTerms {
  /** Only if the object still has one of these tags; `*`: whichever it has. */
  readonly ifMatch?: readonly string[] | undefined;
  /** The same request with the same key is carried out once, however often it is sent. */
  readonly key?: string | undefined;
}

/** What has a tag, and may be changed on the condition that it still has that one. */
export const taggedSections = ['luns', 'snapshots', 'hosts', 'targets', 'pools', 'nodes'] as const;
export type TaggedSection = (typeof taggedSections)[number];

/** An entry of the log that counts only where the object has one of the tags when its turn comes. */
export interface Condition {
  readonly section: TaggedSection;
  readonly name: string;
  readonly tags: readonly string[];
}

/** An entry of the log that counts once: `request` is the digest of what was asked. */
export interface EntryKey {
  readonly key: string;
  readonly request: string;
}

/** What was carried out under a key, so that a repetition gets the same answer. */
export interface KeyRecord {
  readonly request: string;
  readonly subject: string;
  readonly operation?: string;
  /** Of the LUN that it made or found. */
  readonly serial?: string;
  readonly at: Milliseconds;
}
