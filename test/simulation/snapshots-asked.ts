import type { LunName, OperationId, ReplyOf, SnapshotName } from '../../src/model/index.ts';
import type { Machine } from './machine.ts';
import type { Story } from './story.ts';
import { ANY_LIE, Violation } from './violation.ts';

/** What the operator remembers of all that was acknowledged, and how that is checked. */
interface Ledger {
  readonly acknowledged: (machine: Machine, name: string, operation: OperationId | undefined) => void;
  readonly refused: (code: string) => void;
}

/** Asks for snapshots to be made, used and deleted, and remembers what was acknowledged. */
export class SnapshotsAsked {
  /** Snapshots whose creation was acknowledged, and whose deletion nobody has asked for since. */
  private readonly expected = new Map<SnapshotName, OperationId | undefined>();
  private turn = 0;
  private readonly story: Story;
  private readonly ledger: Ledger;

  constructor(story: Story, ledger: Ledger) {
    this.story = story;
    this.ledger = ledger;
  }

  /** One thing after the other, with this LUN; says what. `clone`: how a LUN is made of a snapshot. */
  act(machine: Machine, lun: LunName, clone: (from: SnapshotName) => string): string {
    this.turn += 1;
    const of = [...this.expected.keys()].filter((name) => name.startsWith(`${lun}@`));
    const [oldest] = of;
    const newest = of.at(-1);
    switch (this.turn % 6) {
      case 2:
        return newest === undefined ? this.create(machine, lun) : clone(newest);
      case 3:
        return oldest === undefined ? this.create(machine, lun) : this.rollBack(machine, lun, oldest);
      case 5:
        return newest === undefined ? this.create(machine, lun) : this.delete(machine, newest);
      default:
        return this.create(machine, lun);
    }
  }

  /** All of them go with it. */
  forget(lun: LunName): void {
    for (const name of this.expected.keys()) if (name.startsWith(`${lun}@`)) this.expected.delete(name);
  }

  private create(machine: Machine, lun: LunName): string {
    const name = `${lun}@${this.turn}`;
    let isWanted = true;
    this.undo.set(name, () => (isWanted = false));
    machine.request('snapshot.create', { name }, (result) => {
      this.tell(`snapshot ${name}`, machine, result.ok ? 'accepted' : result.failure.message);
      if (!result.ok) return this.ledger.refused(result.failure.code);
      const { operation } = result.value as ReplyOf<'snapshot.create'>;
      this.ledger.acknowledged(machine, name, operation?.id);
      if (isWanted) this.expected.set(name, operation?.id);
    });
    return `snapshot ${name} on ${machine.name}`;
  }

  private readonly undo = new Map<SnapshotName, () => void>();

  private delete(machine: Machine, name: SnapshotName): string {
    this.expected.delete(name);
    this.undo.get(name)?.();
    machine.request('snapshot.delete', { name }, (result) => {
      this.tell(`delete ${name}`, machine, result.ok ? 'accepted' : result.failure.message);
      if (!result.ok) return this.ledger.refused(result.failure.code);
      const { operation } = result.value as ReplyOf<'snapshot.delete'>;
      this.ledger.acknowledged(machine, name, operation?.id);
    });
    return `delete ${name} on ${machine.name}`;
  }

  /** With or without the host: it uses another LUN. */
  private rollBack(machine: Machine, lun: LunName, snapshot: SnapshotName): string {
    const body = { name: lun, snapshot, force: true, discard: this.turn % 4 === 3 };
    machine.request('lun.rollback', body, (result) => {
      this.tell(`roll back to ${snapshot}`, machine, result.ok ? 'accepted' : result.failure.message);
      if (!result.ok) return this.ledger.refused(result.failure.code);
      const { operation } = result.value as ReplyOf<'lun.rollback'>;
      this.ledger.acknowledged(machine, lun, operation?.id);
    });
    return `roll back to ${snapshot} on ${machine.name}`;
  }

  private tell(what: string, { name }: Machine, answer: string): void {
    this.story.tell('operator', `${what} on ${name}: ${answer}`);
  }

  /** S7: what was acknowledged is there, with a volume that no activation takes; and nothing else is taken for one. */
  checkKept({ name: node, store, kernel }: Machine): void {
    const { snapshots = {}, luns, operations } = store.config;
    const { volumes, putAway } = kernel.replica.image;
    for (const [name, operation] of this.expected) {
      if (snapshots[name] !== undefined || operations[operation ?? '']?.state === 'failed') continue;
      if (luns[name.slice(0, name.indexOf('@'))] === undefined) continue;
      throw new Violation('S7', `snapshot ${name} was acknowledged and is gone from ${node}`);
    }
    if (!kernel.replica.isPrimary) return;
    for (const { name, volume, state } of Object.values(snapshots))
      if (state === 'ready' && (!volumes.has(volume) || !putAway.has(volume)))
        throw new Violation('S7', `snapshot ${name} has no volume of its own on ${node}`, ANY_LIE);
    for (const { name, volume = name, state } of Object.values(luns))
      if (state === 'ready' && putAway.has(volume))
        throw new Violation('S7', `LUN ${name} is on ${volume}, which is put away, on ${node}`, ANY_LIE);
  }
}
