import { describe, expect, it } from 'vitest';
import { clone, decide, group, primitive } from './cluster.ts';

describe('the instances of a clone', () => {
  it('are one on each node', () => {
    expect(
      decide({
        resources: clone('pings', primitive('ping')),
        nodes: { n1: {}, n2: {} },
      }),
    ).toEqual(['ping:0: n1', 'ping:1: n2']);
  });

  it('stay where they run, while the one that ran on a node in standby finds no place', () => {
    const decided = decide({
      resources: clone('pings', primitive('ping')),
      nodes: { n1: { isStandby: true, ran: { ping: 'start' } }, n2: { ran: { ping: 'start' } } },
    });
    expect(decided.toSorted()).toEqual(['ping:0: nowhere', 'ping:1: n2']);
  });

  it('are no more than clone-max, and those that run go first', () => {
    expect(
      decide({
        resources: clone('pings', primitive('ping'), { 'clone-max': '1' }),
        nodes: { n1: {}, n2: { ran: { ping: 'start' } }, n3: {} },
      }),
    ).toEqual(['ping:0: n2']);
  });

  it('share a node only as far as clone-node-max allows', () => {
    const decided = decide({
      resources: clone('workers', primitive('worker'), {
        'globally-unique': 'true',
        'clone-max': '5',
        'clone-node-max': '2',
      }),
      nodes: { n1: {}, n2: {} },
    });
    expect(decided.filter((line) => line.endsWith(': n1'))).toHaveLength(2);
    expect(decided.filter((line) => line.endsWith(': n2'))).toHaveLength(2);
    expect(decided.filter((line) => line.endsWith(': nowhere'))).toHaveLength(1);
  });

  it('are not shuffled when a node comes back', () => {
    expect(
      decide({
        resources: clone('pings', primitive('ping'), { 'clone-max': '2' }),
        nodes: { n1: {}, n2: { ran: { ping: 'start' } }, n3: { ran: { ping: 'start' } } },
      }),
    ).toEqual(['ping:0: n2', 'ping:1: n3']);
  });

  it('of a cloned group keep its members together', () => {
    expect(
      decide({
        resources: clone('pairs', group('pair', primitive('a'), primitive('b'))),
        constraints: '<rsc_location id="l" rsc="pairs" node="n1" score="-INFINITY"/>',
        nodes: { n1: {}, n2: {} },
      }).toSorted(),
    ).toEqual(['a:0: n2', 'a:1: nowhere', 'b:0: n2', 'b:1: nowhere']);
  });

  it('draw what must be with them to a node that has one', () => {
    expect(
      decide({
        resources: primitive('web') + clone('files', primitive('file'), { 'clone-max': '1' }),
        constraints:
          '<rsc_colocation id="c" rsc="web" with-rsc="files" score="INFINITY"/>' +
          '<rsc_location id="l" rsc="files" node="n2" score="10"/>',
        nodes: { n1: {}, n2: {} },
      }),
    ).toEqual(['web: n2', 'file:0: n2']);
  });

  it('of an interleaved clone do without a node where their partner is missing', () => {
    expect(
      decide({
        resources:
          clone('files', primitive('file'), { interleave: 'true' }) +
          clone('locks', primitive('lock'), { interleave: 'true' }),
        constraints:
          '<rsc_colocation id="c" rsc="files" with-rsc="locks" score="INFINITY"/>' +
          '<rsc_location id="l" rsc="locks" node="n1" score="-INFINITY"/>',
        nodes: { n1: {}, n2: {} },
      }),
    ).toEqual(['file:0: n2', 'file:1: nowhere', 'lock:0: n2', 'lock:1: nowhere']);
  });
});
