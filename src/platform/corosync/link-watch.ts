import { failure, milliseconds, type Failure } from '../../model/index.ts';
import type { Clock } from '../../ports/index.ts';

/** A node on the other end of links; the index in `addresses` is Corosync's link number. */
export interface LinkPeer {
  readonly id: number;
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Corosync looks every 1.5 s. What is put right again by the time a person has read of it is not worth telling. */
const STEADY = milliseconds(3000);
/** After a start of Corosync links come up one by one, within two or three seconds. */
const STEADY_AT_FIRST = milliseconds(10_000);
/** A link that went down so many times within this while is not in order, also while it is up. */
const UNSTEADY_DOWNS = 3;
const UNSTEADY_WHILE = milliseconds(60_000);

interface Link {
  readonly peer: LinkPeer;
  readonly number: number;
  isConnected: boolean;
  isSteady: boolean;
  downs: number;
  timer: { cancel(): void } | undefined;
}

export interface LinkWatch {
  /** `undefined`: Corosync has no such link, as in a cluster that was formed with fewer. */
  changed(node: number, link: number, isConnected: boolean | undefined): void;
  /** Corosync is gone: what is known now says nothing about later. What was told stays until more is known. */
  forget(): void;
}

export interface LinkWatchOptions {
  readonly peers: () => readonly LinkPeer[];
  readonly clock: Pick<Clock, 'after'>;
  readonly tell: (key: string, failure: Failure | undefined) => void;
}

/**
 * Turns links that go up and down into what a person should know: a link that is down while another is up, a link
 * that flaps, a node that no link reaches (one thing, not one for each link).
 */
export function createLinkWatch({ peers, clock, tell }: LinkWatchOptions): LinkWatch {
  const links = new Map<string, Link>();
  const told = new Map<string, string>();
  const keyOf = (node: number, number: number): string => `${node}/${number}`;

  function say(key: string, found: Failure | undefined): void {
    if (told.get(key) === found?.message) return;
    if (found === undefined) told.delete(key);
    else told.set(key, found.message);
    tell(key, found);
  }

  function judge(peer: LinkPeer): void {
    const known = [...links.values()].filter((link) => link.peer.id === peer.id);
    if (known.some(({ isSteady, downs }) => !isSteady && downs < UNSTEADY_DOWNS)) return;
    const isReached = known.some(({ isConnected }) => isConnected);
    say(
      `corosync-node-${peer.name}`,
      isReached || known.length === 0 ? undefined : unreachable(peer, known.length),
    );
    for (const link of known) say(`corosync-link-${peer.name}-${link.number}`, troubleOf(link, isReached));
  }

  function settle(link: Link, delay: typeof STEADY): void {
    link.isSteady = false;
    link.timer?.cancel();
    link.timer = clock.after(delay, () => {
      link.isSteady = true;
      judge(link.peer);
    });
  }

  /** Counted for a while; the watch may have forgotten the link by then. */
  function countDown(link: Link): void {
    link.downs += 1;
    clock.after(UNSTEADY_WHILE, () => {
      link.downs -= 1;
      if (links.get(keyOf(link.peer.id, link.number)) === link) judge(link.peer);
    });
  }

  return {
    changed(node, number, isConnected) {
      const key = keyOf(node, number);
      const present = links.get(key);
      if (isConnected === undefined) {
        present?.timer?.cancel();
        links.delete(key);
        if (present !== undefined) say(`corosync-link-${present.peer.name}-${number}`, undefined);
        return;
      }
      if (present !== undefined) {
        if (present.isConnected === isConnected) return;
        present.isConnected = isConnected;
        if (!isConnected) countDown(present);
        settle(present, STEADY);
        if (present.downs >= UNSTEADY_DOWNS) judge(present.peer);
        return;
      }
      const peer = peers().find(({ id }) => id === node);
      if (peer === undefined) return;
      const link = { peer, number, isConnected, isSteady: false, downs: 0, timer: undefined };
      links.set(key, link);
      settle(link, isConnected ? STEADY : STEADY_AT_FIRST);
    },
    forget() {
      for (const link of links.values()) link.timer?.cancel();
      links.clear();
    },
  };
}

const unreachable = ({ name, addresses }: LinkPeer, count: number): Failure =>
  failure('node_unreachable', `no Corosync link to ${name} is up (${addresses.slice(0, count).join(', ')})`);

function troubleOf(link: Link, isReached: boolean): Failure | undefined {
  const { peer, number, isConnected, downs } = link;
  const what = `Corosync's link ${number} to ${peer.name} (${peer.addresses[number] ?? 'address not known'})`;
  if (downs >= UNSTEADY_DOWNS)
    return failure(
      'link_unsteady',
      `${what} goes down again and again, ${UNSTEADY_DOWNS} times within a minute`,
    );
  if (isConnected || !isReached) return undefined;
  return failure('link_down', `${what} is down; the nodes hear each other over another link only`);
}
