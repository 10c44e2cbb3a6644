import { describe, expect, it } from 'vitest';
import { dotText, drawing } from '../../../src/engine/scheduler/index.ts';
import { PlayedCluster } from './cluster.ts';

const lost = (node: string) => ({ kind: 'node', node, change: 'failed' }) as const;
const back = (node: string) => ({ kind: 'node', node, change: 'up' }) as const;
const standby = (node: string, isStandby: boolean) => ({ kind: 'standby', node, isStandby }) as const;

describe('the two-node SAN', () => {
  const fit = { 'master-drbd_data': '10000' };
  const running = () =>
    PlayedCluster.of('two-node-san').allUp().settle().report('san-a', fit).report('san-b', fit).settle();

  it('waits with everything until an instance of the mirror may be promoted', () => {
    const cluster = PlayedCluster.of('two-node-san').allUp().settle();
    expect(cluster.where('drbd_data')).toEqual(['san-a', 'san-b']);
    expect(cluster.where('vg_data')).toEqual([]);
    cluster.report('san-b', fit).settle();
    expect(cluster.where('drbd_data')).toEqual(['san-a', 'san-b*']);
    expect(
      cluster.tookInOrder(
        'promote drbd_data on san-b',
        'start vg_data on san-b',
        'start target on san-b',
        'start lun_1 on san-b',
        'start lun_2 on san-b',
        'start address on san-b',
      ),
    ).toBe(true);
  });

  it('runs each fence device on the node that it does not fence', () => {
    const cluster = running();
    expect(cluster.where('fence_a')).toEqual(['san-b']);
    expect(cluster.where('fence_b')).toEqual(['san-a']);
  });

  it('fences a lost node before anything of it comes up on the other one, in order', () => {
    const cluster = running();
    const [serving = ''] = cluster.where('address');
    const other = serving === 'san-a' ? 'san-b' : 'san-a';
    cluster.happens(lost(serving)).settle();
    expect(
      cluster.tookInOrder(
        `fence ${serving}`,
        `promote drbd_data on ${other}`,
        `start vg_data on ${other}`,
        `start target on ${other}`,
        `start lun_1 on ${other}`,
        `start lun_2 on ${other}`,
        `start address on ${other}`,
      ),
    ).toBe(true);
    expect(cluster.where('drbd_data')).toEqual([`${other}*`]);
    // Nothing goes back by itself.
    cluster.happens(back(serving)).settle();
    expect(cluster.where('address')).toEqual([other]);
    expect(cluster.where('drbd_data')).toEqual(
      serving === 'san-a' ? ['san-a', `${other}*`] : [`${other}*`, 'san-b'],
    );
  });

  it('moves as a whole, down in reverse order, when its node goes to standby', () => {
    const cluster = running();
    const [serving = ''] = cluster.where('address');
    const other = serving === 'san-a' ? 'san-b' : 'san-a';
    cluster.happens(standby(serving, true)).settle();
    expect(
      cluster.tookInOrder(
        `stop address on ${serving}`,
        `stop lun_2 on ${serving}`,
        `stop lun_1 on ${serving}`,
        `stop target on ${serving}`,
        `stop vg_data on ${serving}`,
        `demote drbd_data on ${serving}`,
        `promote drbd_data on ${other}`,
        `start vg_data on ${other}`,
        `start address on ${other}`,
      ),
    ).toBe(true);
    expect(cluster.where('drbd_data')).toEqual([`${other}*`]);
  });

  it('restarts one LUN that broke, and what comes after it, where it is', () => {
    const cluster = running();
    const [serving = ''] = cluster.where('address');
    cluster.happens({ kind: 'resource-failure', resource: 'lun_1', node: undefined }).settle();
    expect(cluster.where('address')).toEqual([serving]);
    expect(
      cluster.tookInOrder(
        `stop address on ${serving}`,
        `stop lun_1 on ${serving}`,
        `start lun_1 on ${serving}`,
      ),
    ).toBe(true);
    expect(cluster.steps).not.toContain(`stop target on ${serving}`);
  });
});

describe('three mirrors over two nodes', () => {
  const running = () => {
    const cluster = PlayedCluster.of('three-mirrors').allUp().settle();
    for (const node of ['san-a', 'san-b'])
      cluster.report(
        node,
        Object.fromEntries(['one', 'two', 'three'].map((name) => [`master-drbd_${name}`, '10000'])),
      );
    return cluster.settle();
  };

  it('keep both controllers busy, each with its target where its mirror is promoted', () => {
    const cluster = running();
    expect(cluster.where('address_one')).toEqual(['san-a']);
    expect(cluster.where('address_two')).toEqual(['san-b']);
    expect(cluster.where('address_three')).toEqual(['san-a']);
    expect(cluster.where('drbd_two')).toEqual(['san-a', 'san-b*']);
  });

  it('are all served by the node that is left, and the other two never stop', () => {
    const cluster = running().happens(lost('san-a')).settle();
    for (const name of ['one', 'two', 'three']) expect(cluster.where(`lun_${name}`)).toEqual(['san-b']);
    expect(cluster.steps.some((step) => step.startsWith('stop') && step.includes('_two on san-b'))).toBe(
      false,
    );
  });
});

describe('virtual machines on four nodes', () => {
  const NODES = ['vm-a', 'vm-b', 'vm-c', 'vm-d'];
  const running = () => {
    const cluster = PlayedCluster.of('virtual-machines').allUp().settle();
    for (const node of NODES) cluster.report(node, { pingd: '1000' });
    return cluster.settle();
  };

  it('start only where the network answers and the images are mounted', () => {
    const cluster = PlayedCluster.of('virtual-machines').allUp().settle();
    expect(cluster.where('images')).toEqual(NODES);
    expect(cluster.where('vm_web')).toEqual([]);
    for (const node of NODES) cluster.report(node, { pingd: '1000' });
    cluster.settle();
    expect([cluster.where('vm_web'), cluster.where('vm_mail'), cluster.where('vm_files')]).toEqual([
      ['vm-a'],
      ['vm-b'],
      ['vm-c'],
    ]);
  });

  it('leave a node that lost its network, alive, and the file system stays mounted there', () => {
    const cluster = running().report('vm-a', { pingd: '0' }).settle();
    expect(cluster.where('vm_web')).not.toEqual(['vm-a']);
    expect(cluster.where('vm_web')).toHaveLength(1);
    expect(cluster.steps).toContain('migrate_to vm_web on vm-a');
    expect(cluster.where('images')).toEqual(NODES);
  });

  it('go back to the node they prefer only where the preference is stronger than the wish to stay', () => {
    const cluster = running().happens(lost('vm-b')).settle();
    expect(cluster.where('vm_mail')).toHaveLength(1);
    cluster.happens(back('vm-b')).settle().report('vm-b', { pingd: '1000' }).settle();
    // 200 for the node against 50 for staying.
    expect(cluster.where('vm_mail')).toEqual(['vm-b']);
  });
});

describe('the mail front end', () => {
  const running = () => PlayedCluster.of('mail-front-end').allUp().settle();

  it('runs the relay on the front ends only, and an address on each', () => {
    const cluster = running();
    expect(cluster.where('relay')).toEqual(['front-a', 'front-b']);
    expect(cluster.where('address_in')).toEqual(['front-a']);
    expect(cluster.where('address_out')).toEqual(['front-b']);
  });

  it('takes both addresses to the front end that is left, and each home again', () => {
    const cluster = running().happens(lost('front-a')).settle();
    expect(cluster.where('address_in')).toEqual(['front-b']);
    expect(cluster.where('address_out')).toEqual(['front-b']);
    cluster.happens(back('front-a')).settle();
    expect(cluster.where('address_in')).toEqual(['front-a']);
  });

  it('has no address without a relay beneath it', () => {
    const cluster = running().happens(lost('front-a'), lost('front-b')).settle();
    expect(cluster.where('address_in')).toEqual([]);
    expect(cluster.where('relay')).toEqual([]);
  });
});

describe('a database on a cloned file system', () => {
  const running = () => PlayedCluster.of('database').allUp().settle();

  it('starts after the locks and the file system of its node, which run everywhere', () => {
    const cluster = running();
    expect(cluster.where('data')).toEqual(['db-a', 'db-b', 'db-c']);
    const [node = ''] = cluster.where('database');
    expect(
      cluster.tookInOrder(
        `start lock_manager on ${node}`,
        `start data on ${node}`,
        `start database on ${node}`,
        `start address on ${node}`,
      ),
    ).toBe(true);
  });

  it('moves after its second failure, and the failures are forgotten in time', () => {
    const cluster = running();
    const [node = ''] = cluster.where('database');
    const fails = { kind: 'resource-failure', resource: 'database', node: undefined } as const;
    cluster.happens(fails).settle();
    expect(cluster.where('database')).toEqual([node]);
    cluster.happens(fails).settle();
    expect(cluster.where('database')).not.toEqual([node]);
    expect(cluster.where('database')).toHaveLength(1);
    expect(cluster.where('address')).toEqual(cluster.where('database'));
  });

  it('fences the node whose file system broke, and goes on elsewhere', () => {
    const cluster = running();
    const [node = ''] = cluster.where('database');
    cluster.happens({ kind: 'resource-failure', resource: 'data', node }).settle();
    expect(cluster.steps).toContain(`fence ${node}`);
    expect(cluster.where('database')).toHaveLength(1);
    expect(cluster.where('database')).not.toEqual([node]);
  });

  it('goes on without quorum where it runs, and starts nothing anew', () => {
    const cluster = running();
    const [node = ''] = cluster.where('database');
    cluster.happens({ kind: 'quorum', isQuorate: false }, lost(node === 'db-a' ? 'db-b' : 'db-a')).settle();
    expect(cluster.where('database')).toEqual([node]);
    expect(cluster.steps.filter((step) => step.startsWith('start') || step.startsWith('fence'))).toEqual([]);
  });
});

describe('every configuration', () => {
  it.each(['two-node-san', 'three-mirrors', 'virtual-machines', 'mail-front-end', 'database'])(
    'is decided with the same bytes on every run: %s',
    (name) => {
      const decide = (): string => {
        const { transition } = PlayedCluster.of(name).allUp();
        return dotText(drawing(transition));
      };
      const first = decide();
      expect(first.split('\n').length).toBeGreaterThan(20);
      expect(decide()).toBe(first);
    },
  );
});
