import type { JournalEntry } from './journal.ts';

interface Claim {
  readonly node: string;
  readonly since: number;
}

/**
 * What the journals say against the engine (DESIGN.md section 4): S1, S2 and S5, that nothing which only one node may
 * have was on two at any moment, where a node has what it had until it gave it up or its power was off; S5 also, that a
 * LUN was the same disk wherever it was.
 */
export function judge(entries: readonly JournalEntry[]): readonly string[] {
  const complaints: string[] = [];
  const held = new Map<string, readonly Claim[]>();
  const identities = new Map<string, string>();
  const drop = (claim: string, node: string): void => {
    held.set(
      claim,
      (held.get(claim) ?? []).filter((one) => one.node !== node),
    );
  };
  for (const entry of entries) {
    const { node, at } = entry;
    switch (entry.kind) {
      case 'claimed': {
        const { claim, identity } = entry;
        const known = identities.get(claim) ?? identity;
        identities.set(claim, known);
        if (known !== identity) complaints.push(`${claim} is ${identity} on ${node}, and was ${known}`);
        for (const other of (held.get(claim) ?? []).filter((one) => one.node !== node))
          complaints.push(
            `${claim} was taken by ${node} at ${time(at)}, while ${other.node} had it since ${time(other.since)}`,
          );
        drop(claim, node);
        held.set(claim, [...(held.get(claim) ?? []), { node, since: at }]);
        break;
      }
      case 'released':
        drop(entry.claim, node);
        break;
      case 'off':
        for (const claim of held.keys()) drop(claim, node);
        break;
      case 'strayed':
        complaints.push(`${node} at ${time(at)}: ${entry.message}`);
        break;
      case 'touched':
      case 'on':
        break;
    }
  }
  return complaints;
}

const time = (at: number): string => `${(at / 1000).toFixed(3)} s`;

/** Who has what now, by what the journals say. */
export function holders(entries: readonly JournalEntry[]): ReadonlyMap<string, string> {
  const now = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'claimed') now.set(entry.claim, entry.node);
    else if (entry.kind === 'released' && now.get(entry.claim) === entry.node) now.delete(entry.claim);
    else if (entry.kind === 'off')
      for (const [claim, node] of [...now]) if (node === entry.node) now.delete(claim);
  }
  return now;
}
