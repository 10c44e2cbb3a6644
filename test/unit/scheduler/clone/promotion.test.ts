import { describe, expect, it } from 'vitest';
import { clone, decide, group, primitive, promotionScores, type NodeStory } from './cluster.ts';

const drbd = clone('pool', primitive('drbd'), { promotable: 'true' });

const bothRun: Readonly<Record<string, NodeStory>> = {
  n1: { ran: { drbd: 'start' }, promotionScores: { drbd: '1000' } },
  n2: { ran: { drbd: 'start' }, promotionScores: { drbd: '10000' } },
};

describe('promotion', () => {
  it('goes to the instance whose agent asks for it most', () => {
    expect(decide({ resources: drbd, nodes: bothRun })).toEqual([
      'drbd:0: n1 unpromoted',
      'drbd:1: n2 promoted',
    ]);
  });

  it('does not happen where nobody ever asked for it', () => {
    const nodes = { n1: { ran: { drbd: 'start' } }, n2: { ran: { drbd: 'start' } } } as const;
    expect(decide({ resources: drbd, nodes })).toEqual(['drbd:0: n1 unpromoted', 'drbd:1: n2 unpromoted']);
    expect(promotionScores({ resources: drbd, nodes })).toEqual({ 'drbd:0': -1, 'drbd:1': -1 });
  });

  it('does not happen on a node that must not run anything, though its data were best', () => {
    const nodes = { ...bothRun, n2: { ...bothRun['n2'], isStandby: true } };
    expect(decide({ resources: drbd, nodes })).toContain('drbd:0: n1 promoted');
  });

  it('follows a location constraint for the promoted role', () => {
    const constraints =
      '<rsc_location id="l" rsc="pool"><rule id="r" role="Promoted" score="20000">' +
      '<expression id="e" attribute="#uname" operation="eq" value="n1"/></rule></rsc_location>';
    expect(decide({ resources: drbd, constraints, nodes: bothRun })).toContain('drbd:0: n1 promoted');
    expect(promotionScores({ resources: drbd, constraints, nodes: bothRun })).toEqual({
      'drbd:0': 21_000,
      'drbd:1': 10_000,
    });
  });

  it('goes where what must be with it can run', () => {
    const story = {
      resources: drbd + primitive('target'),
      constraints:
        '<rsc_colocation id="c" rsc="target" with-rsc="pool" with-rsc-role="Promoted" score="INFINITY"/>' +
        '<rsc_location id="l" rsc="target" node="n2" score="-INFINITY"/>',
      nodes: bothRun,
    };
    expect(decide(story)).toEqual(['drbd:0: n1 promoted', 'drbd:1: n2 unpromoted', 'target: n1']);
  });

  it('of two that belong together happens on one node, where one of them is promoted already', () => {
    const nodes = {
      n1: {
        ran: { drbd: 'promote', log: 'start' },
        promotionScores: { drbd: '10000', log: '1000' },
      },
      n2: {
        ran: { drbd: 'start', log: 'start' },
        promotionScores: { drbd: '10000', log: '10000' },
      },
    } as const;
    expect(
      decide({
        resources: drbd + clone('logs', primitive('log'), { promotable: 'true' }),
        constraints:
          '<rsc_colocation id="c" rsc="logs" rsc-role="Promoted" with-rsc="pool" with-rsc-role="Promoted" score="INFINITY"/>',
        nodes,
      }).filter((line) => line.endsWith(' promoted')),
    ).toEqual(['drbd:0: n1 promoted', 'log:0: n1 promoted']);
  });

  it('happens promoted-max times', () => {
    const resources = clone('pool', primitive('drbd'), { promotable: 'true', 'promoted-max': '2' });
    expect(decide({ resources, nodes: bothRun })).toEqual(['drbd:0: n1 promoted', 'drbd:1: n2 promoted']);
  });

  it('is refused where target-role is Unpromoted', () => {
    const resources = clone('pool', primitive('drbd'), {
      promotable: 'true',
      'target-role': 'Unpromoted',
    });
    expect(decide({ resources, nodes: bothRun })).toEqual(['drbd:0: n1 unpromoted', 'drbd:1: n2 unpromoted']);
  });

  it('is kept, and not begun, without quorum where the policy is to freeze', () => {
    const frozen = { isQuorate: false, properties: { 'no-quorum-policy': 'freeze' } };
    expect(decide({ resources: drbd, nodes: bothRun, ...frozen })).toEqual([
      'drbd:0: n1 unpromoted',
      'drbd:1: n2 unpromoted',
    ]);
    const nodes = { ...bothRun, n2: { ...bothRun['n2'], ran: { drbd: 'promote' } } } as const;
    expect(decide({ resources: drbd, nodes, ...frozen })).toContain('drbd:1: n2 promoted');
  });

  it('is left as it is where nobody manages the resource', () => {
    const resources = clone('pool', primitive('drbd'), { promotable: 'true', 'is-managed': 'false' });
    const nodes = { ...bothRun, n1: { ...bothRun['n1'], ran: { drbd: 'promote' } } } as const;
    expect(decide({ resources, nodes })).toEqual(['drbd:0: n1 promoted', 'drbd:1: n2 unpromoted']);
  });

  it('of a cloned group counts what all its members ask for', () => {
    const ran = { a: 'start', b: 'start' } as const;
    const story = {
      resources: clone('pairs', group('pair', primitive('a'), primitive('b')), { promotable: 'true' }),
      nodes: {
        n1: { ran, promotionScores: { a: '5', b: '7' } },
        n2: { ran, promotionScores: { a: '10' } },
      },
    };
    expect(promotionScores(story)).toMatchObject({ 'pair:0': 12, 'pair:1': 10 });
    expect(decide(story)).toEqual([
      'a:0: n1 promoted',
      'b:0: n1 promoted',
      'a:1: n2 unpromoted',
      'b:1: n2 unpromoted',
    ]);
  });
});
