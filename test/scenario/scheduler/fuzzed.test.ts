import { describe, expect, it } from 'vitest';
import { PlayedCluster } from './cluster.ts';

/** Small clusters on which the fuzzer once found us to decide otherwise than Pacemaker; the decisions are Pacemaker's. */
describe('what the fuzzer has found', () => {
  it('does not take away the check of a failed resource on a node under maintenance, since its stop must wait too', () => {
    const cluster = new PlayedCluster(`
      node 2: node-b attributes maintenance=true
      node 3: node-c
      primitive fencing stonith:fence_dummy
      primitive vg1 ocf:pacemaker:Dummy
      rsc_defaults rsc-options: multiple-active=stop_unexpected
    `);
    const failed = { resource: 'vg1', operation: 'monitor', interval: 10_000, node: 'node-b', exitCode: 9 };
    cluster.allUp().settle().happens({ kind: 'result', result: failed }).settle();
    expect(cluster.where('vg1')).toContain('node-b*');
    expect(cluster.steps).not.toContain('cancel vg1 on node-b');
  });

  it('gives the little that fits to the first of two equally roomy nodes in the order of their table, not of their names', () => {
    const cluster = new PlayedCluster(`
      node node-c
      node node-d
      primitive lun ocf:pacemaker:Dummy
      primitive ip ocf:pacemaker:Dummy utilization memory=2
      group san lun ip
      property cib-bootstrap-options: stonith-enabled=false placement-strategy=balanced
    `);
    cluster.allUp().settle();
    expect(cluster.where('lun')).toEqual(['node-d']);
    expect(cluster.where('ip')).toEqual([]);
  });

  it('ends the checks of what is active twice and unmanaged without waiting for a stop that never comes', () => {
    const cluster = new PlayedCluster(`
      node 2: node-b
      node 3: node-a
      primitive lun ocf:pacemaker:Dummy meta maintenance=true
      rsc_defaults rsc-options: multiple-active=stop_unexpected
    `);
    const found = (interval: number, node: string, exitCode: number) =>
      ({
        kind: 'result',
        result: { resource: 'lun', operation: 'monitor', interval, node, exitCode },
      }) as const;
    cluster
      .allUp()
      .settle()
      .happens(found(20_000, 'node-b', 9))
      .happens(found(10_000, 'node-a', 1));
    const steps = cluster.decideOnce();
    expect(steps).toContain('cancel lun on node-a');
    expect(steps).toContain('cancel lun on node-b');
  });

  it('does not count the stickiness of what a lost ticket froze', () => {
    const cluster = new PlayedCluster(`
      node 1: node-a
      primitive drbd ocf:pacemaker:Stateful
      clone mirror drbd meta promotable=true
      rsc_ticket with-ticket site: mirror loss-policy=freeze
    `);
    const promoted = {
      resource: 'drbd',
      operation: 'monitor',
      interval: 20_000,
      node: 'node-a',
      exitCode: 8,
    };
    cluster.allUp().happens({ kind: 'result', result: promoted });
    expect(cluster.score('drbd:0', 'node-a')).toBe(0);
  });

  it('does not cancel a check whose failure is forgotten when it is not wanted in the new role anyway', () => {
    const cluster = new PlayedCluster(`
      node 1: node-a
      primitive drbd ocf:pacemaker:Stateful op monitor interval=20s role=Unpromoted
      clone mirror drbd meta promotable=true
      rsc_defaults rsc-options: failure-timeout=60s
      property cib-bootstrap-options: stonith-enabled=false
    `);
    cluster.allUp().settle();
    const failed = { resource: 'drbd', operation: 'monitor', interval: 20_000, node: 'node-a', exitCode: 7 };
    cluster.happens({ kind: 'result', result: failed }, { kind: 'time', seconds: 3600 });
    cluster.report('node-a', { 'master-drbd': '1000' });
    const steps = cluster.decideOnce();
    expect(steps).toContain('promote drbd on node-a');
    expect(steps).not.toContain('cancel drbd on node-a');
  });
});
