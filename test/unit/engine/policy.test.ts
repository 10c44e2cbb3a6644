import { describe, expect, test } from 'vitest';
import {
  milliseconds,
  type ClusterConfig,
  type Command,
  type PolicyChange,
  type Result,
} from '../../../src/model/index.ts';
import { apply, canonical, fenceActionOf } from '../../../src/engine/config/index.ts';
import { config } from '../../scenario/planner/world.ts';

const before = config({ one: 'ready' });

const applied = (to: ClusterConfig, command: Command): Result<ClusterConfig> =>
  apply(to, { id: 'entry', at: milliseconds(1), generation: 1, by: 'api', command });

function after(command: Command, to = before): ClusterConfig {
  const result = applied(to, command);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const asked = (policy: PolicyChange, to = before): ClusterConfig =>
  after({ kind: 'resource.set', resource: 'lun-one', policy }, to);

/** All but the revision and the generation, which every change raises. */
const content = (of: ClusterConfig): string => canonical({ ...of, revision: 0, generation: 0 });

describe('what an operator asks for', () => {
  test('is written down, and gone without a trace when it is taken back', () => {
    const standby = after({ kind: 'node.set', node: 'san-a', standby: true });
    expect(standby.nodes['san-a']?.standby).toBe(true);
    expect(standby.revision).toBe(before.revision + 1);
    expect(content(after({ kind: 'node.set', node: 'san-a', standby: false }, standby))).toBe(
      content(before),
    );

    const cluster = after({ kind: 'cluster.set', maintenance: true });
    expect(cluster.properties.maintenance).toBe(true);
    expect(content(after({ kind: 'cluster.set', maintenance: false }, cluster))).toBe(content(before));

    const off = after({ kind: 'cluster.set', fenceAction: 'off' });
    expect(off.properties).toEqual({ ...before.properties, fenceAction: 'off' });
    expect(after({ kind: 'cluster.set', maintenance: true }, off).properties.fenceAction).toBe('off');
    expect(content(after({ kind: 'cluster.set', fenceAction: 'reboot' }, off))).toBe(content(before));
    const exception = after({ kind: 'node.set', node: 'san-a', fenceAction: 'reboot' }, off);
    expect(['san-a', 'san-b'].map((node) => fenceActionOf(exception, node))).toEqual(['reboot', 'off']);
    expect(after({ kind: 'node.set', node: 'san-a', standby: true }, exception).nodes['san-a']).toMatchObject(
      {
        standby: true,
        fenceAction: 'reboot',
      },
    );
    expect(content(after({ kind: 'node.set', node: 'san-a', fenceAction: null }, exception))).toBe(
      content(off),
    );

    const policy: PolicyChange = {
      managed: false,
      targetRole: 'stopped',
      onFail: { monitor: 'block' },
      startDelay: milliseconds(5),
      migrationThreshold: 7,
    };
    const resource = asked(policy);
    expect(resource.resources).toEqual({ 'lun-one': policy });
    const back: PolicyChange = {
      managed: true,
      targetRole: 'started',
      onFail: { monitor: null },
      startDelay: null,
      migrationThreshold: null,
    };
    expect(content(asked(back, resource))).toBe(content(before));
  });

  test('changes what it names, and nothing else', () => {
    const first = asked({ onFail: { monitor: 'block', start: 'stop' }, failureTimeout: milliseconds(9) });
    const second = asked({ onFail: { monitor: 'fence' }, maintenance: true }, first);
    expect(second.resources?.['lun-one']).toEqual({
      onFail: { monitor: 'fence', start: 'stop' },
      failureTimeout: 9,
      maintenance: true,
    });
  });

  test('again is no new revision', () => {
    const first = asked({ managed: false });
    expect(asked({ managed: false }, first)).toBe(first);
    expect(after({ kind: 'node.set', node: 'san-a', standby: false })).toBe(before);
    expect(after({ kind: 'node.set', node: 'san-a', fenceAction: null })).toBe(before);
    expect(after({ kind: 'cluster.set', fenceAction: 'reboot' })).toBe(before);
    expect(after({ kind: 'cluster.set' })).toBe(before);
  });

  test('goes with the LUN that it was asked for', () => {
    const policy = asked({ managed: false });
    const deleting = after({ kind: 'lun.delete', name: 'one', operation: 'op' }, policy);
    expect(deleting.resources).toBeDefined();
    expect(after({ kind: 'lun.deleted', name: 'one' }, deleting).resources).toBeUndefined();
    // Late, and not about this one.
    expect(after({ kind: 'lun.deleted', name: 'one' }, policy)).toBe(policy);
  });
});

describe('is refused', () => {
  test.each<[Command, string]>([
    [{ kind: 'node.set', node: 'san-z', standby: true }, 'node_not_found'],
    [{ kind: 'node.set', node: 'constructor', standby: true }, 'node_not_found'],
    [{ kind: 'resource.set', resource: 'lun-two', policy: { managed: false } }, 'resource_not_found'],
    [
      { kind: 'resource.set', resource: 'lun-one', policy: { onFail: { stop: 'standby' } } },
      'policy_invalid',
    ],
    [
      { kind: 'resource.set', resource: 'lun-one', policy: { onFail: { stop: 'restart' } } },
      'policy_invalid',
    ],
    [
      { kind: 'resource.set', resource: 'lun-one', policy: { onFail: { start: 'demote' } } },
      'policy_invalid',
    ],
  ])('%j', (command, code) => {
    expect(applied(before, command)).toMatchObject({ ok: false, failure: { code } });
  });
});
