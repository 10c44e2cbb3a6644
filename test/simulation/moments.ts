import type { Effect, Input } from '../../src/engine/index.ts';
import type { Machine } from './machine.ts';

/**
 * What happens between an engine and its ports, and lasts for milliseconds. Whoever strikes by the clock alone hardly
 * ever meets one of them.
 */
export type Moment =
  | 'an engine starts'
  | 'a view begins'
  | 'a ring is told'
  | 'a state is told'
  | 'a state is heard'
  | 'an order is sent'
  | 'an order is heard'
  | 'an operation begins'
  | 'a deed ends'
  | 'a volume is removed'
  | 'a result is told'
  | 'a look begins'
  | 'a change is proposed'
  | 'a deletion is heard'
  | 'a change is acknowledged'
  | 'a write begins'
  | 'a write ends'
  | 'a write is told'
  | 'the disk is written anew'
  | 'the claim is proposed'
  | 'the claim is written'
  | 'DRBD asks'
  | 'DRBD is answered'
  | 'a fencing is ordered'
  | 'a board has switched off'
  | 'a fencing is confirmed';

type Listener = (moment: Moment, machine: Machine) => void;

/** Tells those who wait for it what each engine is doing just now; costs nothing while nobody waits. */
export class Moments {
  private readonly listeners = new Set<Listener>();

  /** Ends with what is given back. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Nobody waits any more. */
  forget(): void {
    this.listeners.clear();
  }

  tell(moment: Moment | undefined, machine: Machine): void {
    if (moment !== undefined) for (const listener of [...this.listeners]) listener(moment, machine);
  }

  /** What an engine is told. */
  heard(input: Input, machine: Machine): void {
    if (this.listeners.size > 0) this.tell(momentOfInput(input), machine);
  }

  /** What an engine does. */
  done(effect: Effect, machine: Machine): void {
    if (this.listeners.size > 0) this.tell(momentOfEffect(effect), machine);
  }
}

function momentOfInput(input: Input): Moment | undefined {
  switch (input.kind) {
    case 'transport':
      if (input.event.kind === 'view') return 'a view begins';
      if (input.event.kind === 'ring') return 'a ring is told';
      return input.event.kind === 'message' ? momentOfMessageHeard(input.event.payload) : undefined;
    case 'request':
      return input.request.kind === 'fence-peer' ? 'DRBD asks' : undefined;
    case 'performed':
      if (input.work.startsWith('remove-')) return 'a volume is removed';
      return input.work.startsWith('create-') ? 'a deed ends' : undefined;
    case 'stored':
      return 'a write ends';
    case 'fenced':
    case 'witness-done':
    case 'request-gone':
    case 'timer':
    case 'notice':
    case 'clock':
    case 'hint':
      return undefined;
  }
}

function momentOfEffect(effect: Effect): Moment | undefined {
  switch (effect.kind) {
    case 'multicast':
      return momentOfMessageSent(effect.payload);
    case 'perform':
      return effect.operation === 'monitor' ? 'a look begins' : 'an operation begins';
    case 'append':
      return JSON.stringify(effect.entry).includes(CLAIM) ? 'the claim is written' : 'a write begins';
    case 'replace':
      return 'the disk is written anew';
    case 'reply':
      return effect.result.ok ? momentOfReply(effect.result.value) : undefined;
    case 'fence':
    case 'witness':
    case 'lost':
    case 'timer':
    case 'watch':
    case 'unwatch':
    case 'event':
    case 'log':
      return undefined;
  }
}

function momentOfReply(value: unknown): Moment | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('exitCode' in value) return 'DRBD is answered';
  return 'operation' in value ? 'a change is acknowledged' : undefined;
}

const CLAIM = '"kind":"pool.solo"';
/** As every message says what it is. */
const KIND = /"message":\{"kind":"([a-z-]+)"/;

function momentOfMessageSent(payload: string): Moment | undefined {
  switch (KIND.exec(payload)?.[1] ?? '') {
    case 'sync':
      return 'a state is told';
    case 'order':
      return 'an order is sent';
    case 'outcome':
      return 'a result is told';
    case 'persisted':
      return 'a write is told';
    case 'propose':
      return payload.includes(CLAIM) ? 'the claim is proposed' : 'a change is proposed';
    case 'fence-order':
      return 'a fencing is ordered';
    case 'fence-outcome':
      return payload.includes('"confirmed":true') ? 'a fencing is confirmed' : undefined;
    default:
      return undefined;
  }
}

function momentOfMessageHeard(payload: string): Moment | undefined {
  switch (KIND.exec(payload)?.[1] ?? '') {
    case 'sync':
      return 'a state is heard';
    case 'order':
      return 'an order is heard';
    case 'propose':
      return payload.includes('"kind":"lun.delete"') ? 'a deletion is heard' : undefined;
    default:
      return undefined;
  }
}
