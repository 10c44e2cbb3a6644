import { expect, test } from 'vitest';
import { createRingGate } from '../../../src/platform/corosync/ring-gate.ts';
import type { TransportEvent } from '../../../src/ports/index.ts';

const ring1 = { node: 1, sequence: 8 };
const ring2 = { node: 1, sequence: 12 };

function gateWithEvents() {
  const events: TransportEvent[] = [];
  return { gate: createRingGate((event) => events.push(event)), events };
}
const ringEvent = (ring: typeof ring1, nodes: number[]) => ({ kind: 'ring', ring, nodes });
const quorumEvent = (ring: typeof ring1, quorate: boolean, nodes: number[]) => ({
  kind: 'quorum',
  ring,
  quorate,
  nodes,
});

test('ring and quorum wait for the ordered stream, and come in this order', () => {
  const { gate, events } = gateWithEvents();
  gate.quorum(ring1, true, [1, 2]);
  gate.nodes(ring1, [1, 2]);
  expect(events).toEqual([]);
  gate.ringReached(ring1);
  expect(events).toEqual([ringEvent(ring1, [1, 2]), quorumEvent(ring1, true, [1, 2])]);
});

test('they come at once where the ordered stream is ahead', () => {
  const { gate, events } = gateWithEvents();
  gate.ringReached(ring1);
  gate.nodes(ring1, [1]);
  gate.quorum(ring1, false, [1]);
  expect(events).toEqual([ringEvent(ring1, [1]), quorumEvent(ring1, false, [1])]);
});

test('a late quorum of the old ring is not given after the view of a new one', () => {
  const { gate, events } = gateWithEvents();
  gate.ringReached(ring1);
  gate.nodes(ring1, [1, 2]);
  gate.ringLeft();
  gate.quorum(ring1, true, [1, 2]);
  gate.ringReached(ring2);
  expect(events).toEqual([ringEvent(ring1, [1, 2])]);
  gate.nodes(ring2, [1]);
  gate.quorum(ring2, false, [1]);
  expect(events.slice(1)).toEqual([ringEvent(ring2, [1]), quorumEvent(ring2, false, [1])]);
});

test('quorum may change within a ring', () => {
  const { gate, events } = gateWithEvents();
  gate.ringReached(ring1);
  gate.nodes(ring1, [1]);
  gate.quorum(ring1, false, [1]);
  gate.quorum(ring1, true, [1]);
  expect(events.slice(1)).toEqual([quorumEvent(ring1, false, [1]), quorumEvent(ring1, true, [1])]);
});

test('a new ring of the same members is given with its quorum, although both are as before', () => {
  const { gate, events } = gateWithEvents();
  for (const ring of [ring1, ring2]) {
    gate.nodes(ring, [1, 2]);
    gate.quorum(ring, true, [1, 2]);
    gate.ringReached(ring);
  }
  expect(events).toEqual([
    ringEvent(ring1, [1, 2]),
    quorumEvent(ring1, true, [1, 2]),
    ringEvent(ring2, [1, 2]),
    quorumEvent(ring2, true, [1, 2]),
  ]);
});
