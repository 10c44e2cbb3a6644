import { describe, expect, test } from 'vitest';
import { proposeHostMap } from '../../../src/engine/index.ts';
import type { DiscoverySettings } from '../../../src/model/index.ts';

const unit: DiscoverySettings = {
  kind: 'pdu',
  address: '10.0.0.9',
  port: 161,
  family: 'apc',
  version: '2c',
  community: 'a secret',
};
const outlets = (...names: readonly string[]) => ({
  about: 'a unit',
  outlets: names.map((name, index) => ({ name, id: `#${index + 1}`, power: 'on' as const })),
});
const proposed = (device: DiscoverySettings, names: readonly string[], nodes: readonly string[]) => {
  const { proposals, notes } = proposeHostMap(device, outlets(...names), nodes);
  return { map: Object.fromEntries(proposals.map(({ node, fence }) => [node, fence])), notes };
};

describe('outlets of a unit', () => {
  test('belong to the node whose name is a word of theirs, both feeds to one, and no secret is repeated', () => {
    const { map, notes } = proposed(
      unit,
      ['san-a left', 'SAN-A right', 'san-b', 'switch'],
      ['san-a', 'san-b'],
    );
    expect(map).toEqual({
      'san-a': { ...rest, outlets: ['san-a left', 'SAN-A right'] },
      'san-b': { ...rest, outlets: ['san-b'] },
    });
    expect(notes).toEqual([]);
    expect(JSON.stringify(map)).not.toContain('a secret');
  });
  const rest = { kind: 'pdu', address: '10.0.0.9', port: 161, family: 'apc', version: '2c' };

  test('are not those of a node whose name only begins alike', () => {
    expect(proposed(unit, ['san-a1', 'san-a-old', 'san'], ['san-a', 'san'])).toEqual({
      map: { san: { ...rest, outlets: ['san'] } },
      notes: ['no outlet is named after san-a'],
    });
  });

  test('of one name are none of anybody', () => {
    const { map, notes } = proposed(unit, ['san-a', 'san-a'], ['san-a']);
    expect(map).toEqual({});
    expect(notes).toEqual(["two outlets are called 'san-a': rename one, or name them by number (#1)"]);
  });
});

describe('machines of a hypervisor', () => {
  const hypervisor: DiscoverySettings = {
    kind: 'libvirt',
    uri: 'qemu+tls://kvm1/system',
    password: 'a secret',
  };

  test('are taken by their whole name before any other, and never one of several', () => {
    const { map, notes } = proposed(
      hypervisor,
      ['san-a', 'san-a clone', 'old san-b', 'san-b copy'],
      ['san-a', 'san-b', 'san-c'],
    );
    expect(map).toEqual({ 'san-a': { kind: 'libvirt', uri: 'qemu+tls://kvm1/system', domain: 'san-a' } });
    expect(notes).toEqual([
      'several machines are named after san-b: old san-b, san-b copy',
      'no machine is named after san-c',
    ]);
  });
});

describe('what names nobody', () => {
  const board: DiscoverySettings = {
    kind: 'ipmi',
    address: '10.0.0.5',
    port: 623,
    username: 'u',
    password: 'p',
  };

  test('a board is proposed for a node only where one is asked for', () => {
    expect(proposed(board, ['10.0.0.5'], ['san-a']).map).toEqual({
      'san-a': { kind: 'ipmi', address: '10.0.0.5', port: 623 },
    });
    const two = proposed(board, ['10.0.0.5'], ['san-a', 'san-b']);
    expect(two.map).toEqual({});
    expect(two.notes[0]).toContain('a board does not say whose it is');
  });

  test('a disk puts out every node; who has no slot yet is told', () => {
    const { map, notes } = proposed(
      { kind: 'sbd', disks: ['/dev/disk/by-id/x'] },
      ['san-a'],
      ['san-a', 'san-b'],
    );
    expect(map).toEqual({ 'san-a': { kind: 'sbd' }, 'san-b': { kind: 'sbd' } });
    expect(notes).toEqual(['san-b has no slot on the disks yet; it takes one when it joins']);
  });

  test('without nodes nothing is proposed, and that is said', () => {
    expect(proposed(unit, ['san-a'], [])).toEqual({
      map: {},
      notes: ['no nodes were named: nothing is proposed'],
    });
  });
});
