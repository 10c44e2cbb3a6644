import { describe, expect, test } from 'vitest';
import {
  apply,
  describeEntry,
  differences,
  initialConfig,
  intentOf,
  restoreIntent,
  withoutSecrets,
} from '../../../src/engine/index.ts';
import {
  bytes,
  EXTENT,
  milliseconds,
  type ClusterConfig,
  type Command,
  type HostIntent,
  type Result,
} from '../../../src/model/index.ts';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';

const iqn = (name: string): string => `iqn.2026-11.com.example:${name}`;
const chap = { username: 'web', secret: 'correct-horse-1' };
const mutualChap = { username: 'san', secret: 'battery-staple' };
const web: HostIntent = { name: 'web', initiators: [iqn('web-1'), iqn('web-2')], chap, mutualChap };

const start = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
const ready: ClusterConfig = {
  ...start,
  pools: Object.fromEntries(
    Object.entries(start.pools).map(([name, pool]) => [name, { ...pool, state: 'ready' as const }]),
  ),
};

const applied = (config: ClusterConfig, command: Command): Result<ClusterConfig> =>
  apply(config, { id: 'entry', at: milliseconds(1), generation: 1, by: 'api', command });

function after(config: ClusterConfig, ...commands: readonly Command[]): ClusterConfig {
  return commands.reduce((present, command) => {
    const result = applied(present, command);
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  }, config);
}

const make = (host: HostIntent): Command => ({ kind: 'host.create', host });
const lun = (name: string, hosts: readonly string[], readOnlyHosts?: readonly string[]): Command => ({
  kind: 'lun.create',
  name,
  pool: 'main',
  target: 'main',
  size: bytes(EXTENT),
  hosts,
  readOnlyHosts,
  serial: '0123456789abcdef0123456789abcdef',
  operation: `create-${name}`,
});
const map = (name: string, host: string, readOnly = false): Command => ({
  kind: 'lun.map',
  name,
  host,
  readOnly,
});
const refused = (config: ClusterConfig, command: Command): string => {
  const result = applied(config, command);
  return result.ok ? 'not refused' : result.failure.code;
};

describe('hosts', () => {
  test('are made once: the same again changes nothing, in whatever order, and others are refused', () => {
    const config = after(ready, make(web));
    expect(config.hosts['web']).toEqual(web);
    const again = applied(config, make({ ...web, initiators: [...web.initiators].reverse() }));
    expect(again.ok && again.value === config).toBe(true);
    expect(refused(config, make({ ...web, initiators: [iqn('web-1')] }))).toBe('name_taken');
    expect(refused(config, make({ ...web, chap: { ...chap, secret: 'another-secret' } }))).toBe('name_taken');
  });

  test('have initiators that are nobody else’s, and no target’s', () => {
    const config = after(ready, make(web));
    const thief = { name: 'thief', initiators: [iqn('web-2')] };
    expect(refused(config, make(thief))).toBe('initiator_taken');
    const change = { initiators: [iqn('client'), iqn('web-1')] };
    expect(refused(config, { kind: 'host.set', name: 'web', change })).toBe('initiator_taken');
    expect(refused(config, make({ name: 'target', initiators: [clusterFile.target.iqn] }))).toBe(
      'initiator_taken',
    );
  });

  test('are changed in what is named', () => {
    const config = after(
      ready,
      make(web),
      { kind: 'host.set', name: 'web', change: { initiators: [iqn('web-3')] } },
      { kind: 'host.set', name: 'web', change: { mutualChap: null } },
    );
    expect(config.hosts['web']).toEqual({ name: 'web', initiators: [iqn('web-3')], chap });
    const same = applied(config, { kind: 'host.set', name: 'web', change: { chap } });
    expect(same.ok && same.value === config).toBe(true);
    expect(refused(config, { kind: 'host.set', name: 'db', change: {} })).toBe('host_not_found');
  });

  test.each<[string, Partial<HostIntent>]>([
    ['a secret of eleven characters', { chap: { ...chap, secret: 'x'.repeat(11) } }],
    ['a secret of seventeen', { chap: { ...chap, secret: 'x'.repeat(17) } }],
    ['a line end in it', { chap: { ...chap, secret: 'correct-horse\n' } }],
    ['what the kernel takes for none', { chap: { ...chap, secret: 'NULL-and-more' } }],
    ['the same secret both ways', { mutualChap: { ...mutualChap, secret: chap.secret } }],
    ['a blank in the user', { chap: { ...chap, username: 'a b' } }],
  ])('cannot have %s', (_, wrong) => {
    const result = applied(ready, make({ ...web, ...wrong }));
    expect(result).toMatchObject({ ok: false, failure: { code: 'chap_invalid' } });
    expect(JSON.stringify(result)).not.toMatch(/xxxx|horse|staple|and-more/);
  });

  test('cannot have the target prove itself alone', () => {
    const config = after(ready, make(web));
    expect(refused(config, { kind: 'host.set', name: 'web', change: { chap: null } })).toBe('chap_invalid');
  });

  test('go when they see no LUN; what is not there is gone already', () => {
    const config = after(ready, make(web), lun('one', ['web']));
    expect(refused(config, { kind: 'host.delete', name: 'web' })).toBe('host_in_use');
    const gone = after(
      config,
      { kind: 'lun.unmap', name: 'one', host: 'web' },
      { kind: 'host.delete', name: 'web' },
    );
    expect(gone.hosts['web']).toBeUndefined();
    expect(after(gone, { kind: 'host.delete', name: 'web' })).toBe(gone);
  });

  test('are written down with secrets that nobody is shown', () => {
    const config = after(ready, make(web));
    const shown = [
      withoutSecrets(config),
      differences(ready, config),
      differences(
        config,
        after(config, { kind: 'host.set', name: 'web', change: { chap: mutualChap, mutualChap: chap } }),
      ),
      describeEntry(make(web)),
      describeEntry({ kind: 'host.set', name: 'web', change: { chap } }),
    ];
    expect(JSON.stringify(shown)).not.toMatch(/horse|staple/);
  });
});

describe('mappings', () => {
  const config = after(ready, make(web), lun('one', ['client']));

  test('are made, changed and taken away one by one', () => {
    const mapped = after(config, map('one', 'web', true));
    expect(mapped.luns['one']).toMatchObject({ hosts: ['client', 'web'], readOnlyHosts: ['web'] });
    expect(after(mapped, map('one', 'web', true))).toBe(mapped);
    const writing = after(mapped, map('one', 'web'));
    expect(writing.luns['one']).not.toHaveProperty('readOnlyHosts');
    const unmapped = after(mapped, { kind: 'lun.unmap', name: 'one', host: 'web' });
    expect(unmapped.luns['one']).toEqual(config.luns['one']);
    expect(after(unmapped, { kind: 'lun.unmap', name: 'one', host: 'web' })).toBe(unmapped);
  });

  test('never change what the LUN is', () => {
    const { number, serial } = after(config, map('one', 'web')).luns['one'] ?? {};
    expect([number, serial]).toEqual([config.luns['one']?.number, config.luns['one']?.serial]);
  });

  test('are refused where the one or the other is not there', () => {
    expect(refused(config, map('two', 'web'))).toBe('lun_not_found');
    expect(refused(config, map('one', 'db'))).toBe('host_not_found');
    expect(refused(config, lun('two', ['client'], ['web']))).toBe('host_not_found');
    expect(after(config, { kind: 'lun.unmap', name: 'two', host: 'web' })).toBe(config);
    const deleting = after(
      config,
      { kind: 'lun.created', name: 'one' },
      { kind: 'lun.delete', name: 'one', operation: 'delete-one' },
    );
    expect(refused(deleting, map('one', 'web'))).toBe('lun_busy');
  });

  test('are part of what a LUN is asked to be', () => {
    const both = after(config, lun('two', ['client', 'web'], ['web']));
    expect(after(both, { ...lun('two', ['web', 'client'], ['web']), operation: 'again' } as Command)).toBe(
      both,
    );
    expect(refused(both, lun('two', ['client', 'web']))).toBe('name_taken');
  });
});

describe('what the agents are told', () => {
  const parametersOf = (config: ClusterConfig, id: string) => {
    const found = compile(config).resources.find((resource) => resource.id === id);
    return found?.kind === 'primitive' ? found.parameters : {};
  };
  const config = after(ready, make(web), lun('one', ['client', 'web'], ['web']), {
    kind: 'lun.created',
    name: 'one',
  });

  test('is who gets in, and what each initiator of a host has to prove', () => {
    const secrets = (secret: string) => ({ [iqn('web-1')]: secret, [iqn('web-2')]: secret });
    expect(parametersOf(config, 'target-main')).toMatchObject({
      initiators: [iqn('client'), iqn('web-1'), iqn('web-2')],
      chapUsers: secrets('web'),
      chapSecrets: secrets(chap.secret),
      mutualUsers: secrets('san'),
      mutualSecrets: secrets(mutualChap.secret),
    });
  });

  test('is who sees a LUN, and which of them can only read', () => {
    expect(parametersOf(config, 'lun-one')).toMatchObject({
      initiators: [iqn('client'), iqn('web-1'), iqn('web-2')],
      readOnly: [iqn('web-1'), iqn('web-2')],
    });
  });
});

describe('bringing back a revision', () => {
  test('never gives an initiator to two hosts', () => {
    const past = after(ready, make(web));
    const db = { name: 'db', initiators: [iqn('web-1')] };
    const now = after(past, { kind: 'host.delete', name: 'web' }, make(db), lun('one', ['db']));
    const { config, kept } = restoreIntent(now, intentOf(past));
    expect(Object.keys(config.hosts).sort()).toEqual(['client', 'db']);
    expect(kept).toContainEqual({
      subject: 'hosts.web',
      reason: expect.stringContaining('another host') as string,
    });
  });

  test('brings back who may only read', () => {
    const past = after(ready, make(web), lun('one', ['web'], ['web']));
    const now = after(past, map('one', 'web'));
    expect(restoreIntent(now, intentOf(past)).config.luns['one']?.readOnlyHosts).toEqual(['web']);
  });
});
