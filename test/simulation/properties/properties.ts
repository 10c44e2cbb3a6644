/**
 * What must always hold (DESIGN.md, section 4), and how it is judged here: by what the simulated hardware is really
 * doing, never by what an engine believes of it. One file each where more than a few lines are needed.
 */
export const properties = {
  /** After every event: DRBD is Primary on one machine at most, and two Primaries never meet. `exclusive.ts`, `drbd`. */
  S1: 'a DRBD resource is primary on one node at most',
  /**
   * After every event: address and volume group on one machine at most. When anything is begun that makes a node
   * active: the other one, if it was ever met and is lost, has been without power since. Nobody holds one to be off that
   * takes part in its view. `exclusive.ts`, `begin.ts`, `held-off.ts`.
   */
  S2: 'nothing of a lost node starts elsewhere before its fencing is confirmed',
  /**
   * When anything is begun that makes a node active: its Corosync is quorate at that moment, or was when it was ordered.
   * When anything like that is ordered, or a fencing: its Corosync has said so, of the very ring. `begin.ts`, `quorate.ts`.
   */
  S3: 'without quorum nothing is started',
  /** At every promotion: the data on the promoted disk holds every write that was ever acknowledged. `host.ts`. */
  S4: 'promotion only where the data is the newest',
  /** After every event: a LUN is exported by one machine at most; always with the number and serial it began with. `exclusive.ts`. */
  S5: 'a LUN is exported by one node at most, and is the same disk wherever it is',
  /**
   * At every read of the host: the block is as last acknowledged, or as a write that is under way would make it; nothing
   * older, and nothing that comes late from the dead. At the end: so on both disks. DRBD finds no split brain. `host.ts`.
   */
  S6: 'a write acknowledged to an initiator is never lost',
  /**
   * At the acknowledgement: it is on the disk of every node that is online with the one that answers. At every change
   * of a disk: it does not vanish from there. At the end, after any loss of power: it is on both. `operator.ts`.
   */
  S7: 'an acknowledged change is on the disk of every online node, and survives the loss of power to all of them',
  /**
   * Whenever an operation is begun: a controller of the very view in which it is begun ordered just that, once, and
   * nobody else orders in that view. Engines of one view hold one configuration and one controller. `orders.ts`, `agreement.ts`.
   */
  S8: 'a controller that lost its place cannot act',
  /**
   * Every operation and every call of a device has a deadline, and no controller waits for an answer for much longer, nor
   * for the answer of a node that has nothing under way and can be heard.
   * What was to be stopped, failed to, and still runs is without power soon, in all time in which somebody could have
   * switched it. `deadlines.ts`.
   */
  S9: 'every action has a deadline, and what will not stop is fenced',
  /** Whenever a view is complete: what an engine has told of its node is what is known of it. `own-word.ts`. */
  memory: 'what an engine has found on its node is known until it finds something else',
  /**
   * Whenever an operation is begun: what it stands on is there, and what stands on it is gone. `grounds.ts`, which also
   * judges by S1, S2, S4 and S5 whether it was right to order it, whatever the kernel makes of it.
   */
  sequence: 'nothing is begun before what it stands on, nor taken down from under what stands on it',
  /** Whenever an operation is begun: the same engine has not just done it. `known.ts`. */
  known: 'what was seen counts, and nothing is begun that is known to be done',
  /** Whenever a controller gives an order: not in maintenance. `hands-off.ts`. */
  maintenance: 'in maintenance nothing is done but to look',
  /** Nothing that an engine remembers grows for ever; who has gone is remembered by none. `bounds.ts`. */
  bounds: 'what an engine remembers is bounded',
  /** An engine never throws. `engine-process.ts`. */
  engine: 'an engine does not fall over',
  /**
   * When faults have ended: what can run runs, both nodes say so, and it stays so. And before: frozen I/O goes on as
   * soon as somebody can find out about the peer, and nobody takes back the fencing that it waits for. `simulate.ts`, `wellness.ts`, `frozen.ts`.
   */
  liveness: 'once faults stop, all comes to rest within a bound',
  /** Not of the engine: the simulated world was asked for what cannot be. */
  model: 'the simulated hardware is used as hardware can be used',
} as const;

export type Property = keyof typeof properties;
