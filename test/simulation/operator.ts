import {
  invariant,
  bytes,
  EXTENT,
  type ClusterConfig,
  type LunName,
  type OperationId,
  type ReplyOf,
  type StatusView,
} from '../../src/model/index.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import { SnapshotsAsked } from './snapshots-asked.ts';
import type { Story } from './story.ts';
import type { Time } from './time.ts';
import { ANY_LIE, Violation } from './violation.ts';

/** How long somebody is busy with snapshots: so many things, with a pause (in milliseconds) between them. */
const SNAPSHOT_ACTS = 15;
const SNAPSHOT_PAUSE = 1700;

/** Asks for LUNs to be made and deleted, and remembers what was acknowledged. */
export class Operator {
  /** LUNs whose creation was acknowledged and whose deletion nobody has asked for since. */
  readonly expected = new Map<LunName, OperationId>();
  readonly refusals = new Map<string, number>();
  acknowledged = 0;
  private readonly machines: readonly [Machine, Machine];
  private readonly time: Time;
  private readonly story: Story;
  private readonly snapshots: SnapshotsAsked;
  /** What is still to be done by who is busy with snapshots. */
  private left = 0;
  private made = 0;
  private acts = 0;
  private readonly timesAccepted = new Map<LunName, number>();

  constructor(machines: readonly [Machine, Machine], time: Time, story: Story) {
    this.machines = machines;
    this.time = time;
    this.story = story;
    this.snapshots = new SnapshotsAsked(story, {
      refused: (code) => this.refused(code),
      acknowledged: (machine, name, operation) => {
        this.acknowledged += 1;
        if (operation !== undefined) this.checkOnDisks(machine, name, operation);
      },
    });
  }

  create(machine: Machine, name: LunName, extents: number): void {
    // Of its name, so that a repeated request asks for the same.
    const thin = /[05]$/.test(name);
    const body = { name, size: bytes(extents * EXTENT), thin };
    machine.request('lun.create', body, (result) => {
      this.story.tell(
        'operator',
        `create ${name} on ${machine.name}: ${result.ok ? 'accepted' : result.failure.message}`,
      );
      if (!result.ok) return this.refused(result.failure.code);
      this.acknowledged += 1;
      this.hearMade(name);
      const { operation } = result.value as ReplyOf<'lun.create'>;
      // Another change of it may have been heard already, and be on no disk yet.
      invariant(operation !== undefined, 'no creation of this world is so old that it was forgotten');
      if (operation.kind === 'lun.create') this.checkOnDisks(machine, name, operation.id);
      if (!this.deleted.has(name)) this.expected.set(name, operation.id);
    });
  }

  private readonly deleted = new Set<LunName>();

  delete(machine: Machine, name: LunName): void {
    this.expected.delete(name);
    this.deleted.add(name);
    this.snapshots.forget(name);
    machine.request('lun.delete', { name, snapshots: true }, (result) => {
      this.story.tell(
        'operator',
        `delete ${name} on ${machine.name}: ${result.ok ? 'accepted' : result.failure.message}`,
      );
      if (!result.ok) return this.refused(result.failure.code);
      this.acknowledged += 1;
      this.bury(machine, name);
      const { operation } = result.value as ReplyOf<'lun.delete'>;
      if (operation?.kind === 'lun.delete') this.checkOnDisks(machine, name, operation.id);
    });
  }

  /** Acknowledged growths of LUNs, by operation. */
  private readonly growths = new Map<OperationId, { readonly name: LunName; readonly size: number }>();

  grow(machine: Machine, name: LunName, extents: number): void {
    const body = { name, size: bytes(extents * EXTENT) };
    machine.request('lun.grow', body, (result) => {
      this.story.tell(
        'operator',
        `grow ${name} to ${extents} on ${machine.name}: ${result.ok ? 'accepted' : result.failure.message}`,
      );
      if (!result.ok) return this.refused(result.failure.code);
      this.acknowledged += 1;
      const { operation } = result.value as ReplyOf<'lun.grow'>;
      if (operation === undefined) return;
      this.growths.set(operation.id, { name, size: body.size });
      this.checkOnDisks(machine, name, operation.id);
    });
  }

  /** One of those that are there, to so many extents more or less; where there is none, one is made. */
  growOne(machine: Machine, random: Random): string {
    const names = [...this.expected.keys()].filter((name) => name !== 'data');
    if (names.length === 0) return this.createOne(machine, random);
    const name = random.pick(names);
    const extents = random.between(4, 40);
    this.grow(machine, name, extents);
    if (random.chance(0.3)) this.grow(random.pick(this.machines), name, extents);
    return `grow ${name} to ${extents} extents on ${machine.name}`;
  }

  /** Serials of LUNs whose deletion was acknowledged: another one may have their name. */
  private readonly buried = new Set<string>();

  private bury({ engine }: Machine, name: LunName): void {
    const lun = engine?.state.config.current.luns[name];
    if (lun?.state === 'deleting') this.buried.add(lun.serial);
  }

  /** Somebody will ask for more, by and by. */
  get isBusy(): boolean {
    return this.left > 0;
  }

  /** How often a LUN of this name was made: each time it is another disk. */
  timesMade(name: LunName): number {
    return this.timesAccepted.get(name) ?? 0;
  }

  /** A LUN of this name was made, by whomever: it is no disk that was there before. */
  hearMade(name: LunName): void {
    this.timesAccepted.set(name, this.timesMade(name) + 1);
  }

  private refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** Something or other, now; says what. */
  act(random: Random): string {
    const machine = random.pick(this.machines);
    if (random.chance(0.4)) return this.deleteOne(machine, random);
    // Every third time something is to grow, and as often somebody is busy with the snapshots of a thin LUN.
    this.acts += 1;
    if (this.acts % 3 === 1) return this.snapshotOne(machine);
    return this.acts % 3 === 0 ? this.growOne(machine, random) : this.createOne(machine, random);
  }

  /** Something with a thin LUN that is there; where there is none, one is made. */
  private snapshotOne(machine: Machine): string {
    const lun = [...this.expected.keys()].findLast((name) => /[05]$/.test(name));
    const act = (of: LunName): string => {
      // Whoever is not answered asks the other node.
      const asked = machine.engine === undefined ? this.machines.find((one) => one !== machine) : machine;
      return this.snapshots.act(asked ?? machine, of, (from) => this.clone(asked ?? machine, from));
    };
    const busyWith = (of: LunName): void => {
      this.left += SNAPSHOT_ACTS;
      for (let turn = 1; turn <= SNAPSHOT_ACTS; turn += 1)
        this.time.after(turn * SNAPSHOT_PAUSE, () => {
          this.left -= 1;
          act(of);
        });
    };
    if (lun !== undefined) {
      busyWith(lun);
      return act(lun);
    }
    this.made += 1;
    const name = `thin-${this.made}0`;
    this.create(machine, name, 8);
    busyWith(name);
    return `create ${name} on ${machine.name}`;
  }

  private clone(machine: Machine, from: string): string {
    this.made += 1;
    const name = `copy-${this.made}`;
    machine.request('lun.clone', { name, from }, (result) => {
      const answer = result.ok ? 'accepted' : result.failure.message;
      this.story.tell('operator', `clone ${from} to ${name} on ${machine.name}: ${answer}`);
      if (!result.ok) return this.refused(result.failure.code);
      this.acknowledged += 1;
      this.hearMade(name);
      const { operation } = result.value as ReplyOf<'lun.clone'>;
      invariant(operation !== undefined, 'no clone of this world is so old that it was forgotten');
      this.checkOnDisks(machine, name, operation.id);
      if (!this.deleted.has(name)) this.expected.set(name, operation.id);
    });
    return `clone ${from} to ${name} on ${machine.name}`;
  }

  /** One more, of at most so many extents. */
  createOne(machine: Machine, random: Random, extents = 20): string {
    this.made += 1;
    const name = `lun-${this.made}`;
    this.create(machine, name, random.between(1, extents));
    if (random.chance(0.3)) this.create(random.pick(this.machines), name, 4);
    return `create ${name} on ${machine.name}`;
  }

  /** One of those that are there; where there is none, one is made. */
  deleteOne(machine: Machine, random: Random): string {
    const names = [...this.expected.keys()].filter((name) => name !== 'data');
    if (names.length === 0) return this.createOne(machine, random);
    const name = random.pick(names);
    this.delete(machine, name);
    return `delete ${name} on ${machine.name}`;
  }

  /**
   * S7: an acknowledged change is on the disk of every node whose engine is online with the one that answered. An engine
   * that was started since the answering one has heard of its node is not yet online with it: bits of the disk may have
   * rotted meanwhile, and it is given all of it when it joins.
   */
  private checkOnDisks(machine: Machine, name: LunName, operation: OperationId): void {
    const answering = machine.engine?.state;
    for (const other of this.machines) {
      const { id, name: node, store, engine } = other;
      if (answering?.view.members.includes(id) !== true || engine === undefined) continue;
      if (other !== machine && answering.heard[node]?.incarnation !== engine.state.incarnation) continue;
      // By what was acknowledged itself: disks that are equally far behind are no proof for each other.
      if (store.config.operations[operation] === undefined)
        throw new Violation('S7', `${name} was acknowledged, and is not on the disk of ${node}`);
    }
  }

  /** S7, at every change of a disk: what was acknowledged, and was there, stays. */
  checkStillThere(machine: Machine, before: ClusterConfig, after: ClusterConfig): void {
    if (before.luns === after.luns) return;
    this.checkStillGone(machine, after);
    for (const [name, operation] of this.expected) {
      if (before.luns[name] === undefined || after.luns[name] !== undefined) continue;
      if (after.operations[operation]?.state === 'failed') continue;
      throw new Violation(
        'S7',
        `LUN ${name} was acknowledged, and revision ${after.revision} takes it from the disk of ${machine.name}`,
      );
    }
  }

  private checkStillGone({ name: node }: Machine, { luns, revision }: ClusterConfig): void {
    if (this.buried.size === 0) return;
    for (const { name, state, serial } of Object.values(luns))
      if (state !== 'deleting' && this.buried.has(serial))
        throw new Violation(
          'S7',
          `The deletion of LUN ${name} was acknowledged, and revision ${revision} undoes it on the disk of ${node}`,
        );
  }

  /** At the end, S7 again: nothing that was acknowledged has vanished. */
  checkKept(): void {
    for (const machine of this.machines) {
      this.checkSizes(machine);
      this.snapshots.checkKept(machine);
    }
    for (const { name: node, store } of this.machines) {
      for (const [name, operation] of this.expected) {
        const { luns, operations } = store.config;
        if (luns[name] !== undefined || operations[operation]?.state === 'failed') continue;
        throw new Violation(
          'S7',
          `LUN ${name} was acknowledged and is gone from ${node} at ${this.time.now}`,
        );
      }
    }
  }

  /** No volume is smaller than its LUN is said to be, and no growth that was acknowledged is forgotten. */
  private checkSizes({ name: node, store, kernel }: Machine): void {
    const { luns, operations } = store.config;
    const { volumes } = kernel.replica.image;
    for (const { name, state, size, volume = name } of Object.values(luns))
      if (state === 'ready' && kernel.replica.isPrimary && (volumes.get(volume) ?? 0) < size)
        throw new Violation(
          'S7',
          `LUN ${name} has ${size} bytes, and its volume on ${node} ${volumes.get(volume) ?? 0}`,
          ANY_LIE,
        );
    for (const [operation, { name, size }] of this.growths) {
      const lun = luns[name];
      // Deleted meanwhile, and perhaps made anew.
      if (lun === undefined || !this.expected.has(name) || this.timesMade(name) > 1) continue;
      if (lun.size >= size || operations[operation]?.state !== 'succeeded') continue;
      throw new Violation(
        'S7',
        `LUN ${name} was grown to ${size} bytes, and has ${lun.size} on the disk of ${node}`,
      );
    }
  }

  /** What the engine of this machine says; undefined where none runs. */
  status(machine: Machine): StatusView | undefined {
    const { engine } = machine;
    if (engine === undefined) return undefined;
    const before = engine.state;
    let view: StatusView | undefined;
    engine.request('status', {}, (result) => {
      if (result.ok) view = result.value as StatusView;
    });
    if (before.view.complete !== engine.state.view.complete)
      throw new Error('asking for the status changed it');
    return view;
  }
}
