import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { differences, withoutSecrets } from '../../../src/engine/config/differences.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import { isSecretOption, isWithoutPassword } from '../../../src/model/index.ts';

type Document = { nodes: Record<string, unknown>[] } & Record<string, unknown>;

/** The example of the documentation, changed a little. */
function example(change: (document: Document) => void): Document {
  const document = parse(readFileSync('docs/cluster.example.yaml', 'utf8')) as Document;
  change(document);
  return document;
}

const configOf = (change: (document: Document) => void) =>
  initialConfig(ClusterFile.parse(example(change)), { clusterId: 'c', poolSecret: 's' });

const refusalOf = (change: (document: Document) => void): string => {
  const parsed = ClusterFile.safeParse(example(change));
  return parsed.success ? 'accepted' : parsed.error.issues.map(({ message }) => message).join('; ');
};

const giveLinks =
  (...links: (string[] | undefined)[]) =>
  ({ nodes }: Document) => {
    for (const [index, of] of links.entries())
      if (of !== undefined) nodes[index] = { ...nodes[index], links: of };
  };

const giveWitness = (witness: object) => (document: Document) => {
  document['witness'] = witness;
};

describe('further links', () => {
  test('are kept with each node, and left out where there are none', () => {
    const config = configOf(giveLinks(['10.7.0.1'], ['10.7.0.2']));
    expect(Object.values(config.nodes).map(({ links }) => links)).toEqual([['10.7.0.1'], ['10.7.0.2']]);
    for (const node of Object.values(configOf(() => undefined).nodes))
      expect(node).not.toHaveProperty('links');
  });

  test.each([
    ['as many links as the others', giveLinks(['10.7.0.1'], undefined)],
    ['as many links as the others', giveLinks(['10.7.0.1', '10.8.0.1'], ['10.7.0.2'])],
    ['10.7.0.1 is there twice', giveLinks(['10.7.0.1'], ['10.7.0.1'])],
    ['must be the address of one host', giveLinks(['224.0.0.1'], ['10.7.0.2'])],
  ])('are refused: %s', (why, change) => expect(refusalOf(change)).toContain(why));
});

describe('what becomes of a node that was fenced', () => {
  const ask = (cluster: unknown, node?: unknown) => (document: Document) => {
    document['properties'] = { fenceAction: cluster };
    if (node !== undefined) document.nodes[0] = { ...document.nodes[0], fenceAction: node };
  };

  test('is written down where it is not the default, for the cluster and for a node', () => {
    const asked = configOf(ask('off', 'reboot'));
    expect(asked.properties.fenceAction).toBe('off');
    expect(Object.values(asked.nodes).map(({ fenceAction }) => fenceAction)).toEqual(['reboot', undefined]);
    for (const usual of [configOf(ask('reboot')), configOf(() => undefined)])
      expect(usual.properties).not.toHaveProperty('fenceAction');
  });

  test('is nothing else', () => {
    expect(refusalOf(ask('halt'))).not.toBe('accepted');
    expect(refusalOf(ask('off', 'halt'))).not.toBe('accepted');
  });
});

describe('a device that shares the power of its node', () => {
  const board = { kind: 'ipmi', address: '10.77.0.201', username: 'keelson', password: 'change-me-a' };
  const give = (fence: unknown) => (document: Document) => {
    document.nodes[0] = { ...document.nodes[0], fence };
  };

  test('is marked, and no other is', () => {
    const devices = (fence: unknown) =>
      Object.values(configOf(give(fence)).fenceDevices).filter(({ node }) => node === 'san-a');
    expect(devices({ ...board, sharesPower: true })).toMatchObject([{ sharesPower: true }]);
    for (const device of [...devices({ ...board, sharesPower: false }), ...devices(board)])
      expect(device).not.toHaveProperty('sharesPower');
  });

  test('is not one on disks: what it proves it proves by time', () => {
    expect(refusalOf(give({ kind: 'sbd', sharesPower: true }))).not.toBe('accepted');
  });
});

describe('devices that are only for tests', () => {
  const ssh = {
    kind: 'ssh',
    testOnly: true,
    address: '10.77.0.11',
    username: 'root',
    identityFile: '/root/.ssh/k',
  };
  const give = (fence: unknown, testOnly: unknown) => (document: Document) => {
    document['testOnly'] = testOnly;
    document.nodes[0] = { ...document.nodes[0], fence };
  };

  test('are what they are said to be, with the defaults', () => {
    const { fenceDevices, properties } = configOf(give([ssh, { kind: 'null', testOnly: true }], true));
    expect(properties.testOnly).toBe(true);
    expect(fenceDevices['ssh-san-a']).toEqual({ ...ssh, port: 22, name: 'ssh-san-a', node: 'san-a' });
    expect(fenceDevices['null-san-a']).toMatchObject({ kind: 'null', testOnly: true, level: 2 });
    expect(configOf(() => undefined).properties).not.toHaveProperty('testOnly');
  });

  test.each([
    { username: '-oProxyCommand=x' },
    { identityFile: 'id_ed25519' },
    { identityFile: '/root/../etc/shadow' },
    { testOnly: false },
    { sharesPower: true },
    { password: 'x' },
  ])('with %j are refused', (wrong) => {
    expect(refusalOf(give({ ...ssh, ...wrong }, true))).not.toBe('accepted');
  });
});

describe('a witness', () => {
  test('needs its address only', () => {
    expect(configOf(giveWitness({ address: '10.9.0.9' })).witness).toEqual({
      address: '10.9.0.9',
      tls: 'off',
    });
    expect(configOf(() => undefined)).not.toHaveProperty('witness');
  });

  test('may have heuristics', () => {
    const heuristics = { ping: ['10.9.0.1'] };
    expect(configOf(giveWitness({ address: '10.9.0.9', tls: 'required', heuristics })).witness).toEqual({
      address: '10.9.0.9',
      tls: 'required',
      heuristics: { mode: 'on', timeout: 5000, ping: ['10.9.0.1'], programs: [] },
    });
  });

  test.each([
    ['must be an IPv4 address', { address: 'witness.example' }],
    ['an address to ping or a program', { address: '10.9.0.9', heuristics: {} }],
    ['at least 1000 ms', { address: '10.9.0.9', heuristics: { timeout: 999, programs: ['a'] } }],
    ['at least 2000 ms', { address: '10.9.0.9', heuristics: { timeout: 1000, ping: ['10.9.0.1'] } }],
    ['must be 1 to 32 characters', { address: '10.9.0.9', heuristics: { programs: ['../../bin/sh'] } }],
    ['must be 1 to 32 characters', { address: '10.9.0.9', heuristics: { programs: ['a b'] } }],
  ])('is refused: %s', (why, witness) => expect(refusalOf(giveWitness(witness))).toContain(why));

  test('is refused where it is one of the nodes', () => {
    const refusal = refusalOf((document) => {
      document['witness'] = { address: document.nodes[0]?.['cluster'] };
    });
    expect(refusal).toContain('must be a machine of its own');
  });
});

describe('fence devices', () => {
  const giveFence = (fence: unknown) => (document: Document) => {
    document.nodes[0] = { ...document.nodes[0], fence };
  };
  const ipmi = { kind: 'ipmi', address: '10.0.9.1', username: 'admin', password: 'none' };
  const pdu = {
    kind: 'pdu',
    address: '10.0.9.2',
    version: '2c',
    community: 'private',
    outlets: ['san-a left'],
  };
  const other = { ...pdu, address: '10.0.9.3', outlets: ['san-a right'] };
  const [first = ''] = Object.keys(configOf(() => undefined).nodes);

  test('one is the first level; of several each is a level of its own, unless it says otherwise', () => {
    const levels = (fence: unknown) =>
      Object.values(configOf(giveFence(fence)).fenceDevices)
        .filter(({ node }) => node === first)
        .map(({ name, level }) => [name, level ?? 1]);
    expect(levels(ipmi)).toEqual([[`ipmi-${first}`, 1]]);
    expect(levels([ipmi, pdu])).toEqual([
      [`ipmi-${first}`, 1],
      [`pdu-${first}`, 2],
    ]);
    expect(levels([ipmi, pdu, { ...other, level: 2 }])).toEqual([
      [`ipmi-${first}`, 1],
      [`pdu-${first}`, 2],
      [`pdu-${first}-2`, 2],
    ]);
  });

  test('defaults are filled in, and seconds become milliseconds', () => {
    const devices = configOf(giveFence([{ ...pdu, timeout: 90 }])).fenceDevices;
    expect(devices[`pdu-${first}`]).toMatchObject({ port: 161, family: 'apc', timeout: 90_000 });
  });

  test.each([
    ['10.0.9.2:161 outlet san-a left is there twice', [pdu, pdu]],
    [
      'must have a privacyKey',
      {
        ...pdu,
        community: undefined,
        version: '3',
        username: 'u',
        authentication: 'sha',
        authenticationKey: '12345678',
        privacy: 'aes',
      },
    ],
    [
      'must be 8 to 64',
      {
        ...pdu,
        community: undefined,
        version: '3',
        username: 'u',
        authentication: 'sha',
        authenticationKey: '1234567',
        privacy: 'none',
      },
    ],
    ['must not name an outlet twice', { ...pdu, outlets: ['a', 'a'] }],
    ['must be a program such as fence_idrac', { kind: 'agents', program: '/bin/sh', options: {} }],
    ['other than action', { kind: 'agents', program: 'fence_x', options: { action: 'on' } }],
    ['both username and password', { kind: 'libvirt', uri: 'qemu:///system', domain: 'a', username: 'root' }],
    ['must be the name or the UUID', { kind: 'libvirt', uri: 'qemu:///system', domain: '--all' }],
    [
      'must name [USER@]HOST[:PORT] and no password',
      { kind: 'libvirt', uri: 'qemu+ssh://root:pw@kvm1/system', domain: 'a' },
    ],
    [
      'belongs under secrets',
      { kind: 'agents', program: 'fence_x', options: { ip: 'a', passwd: 'pw' }, secrets: {} },
    ],
    ['at least 5 s', { ...ipmi, timeout: 1 }],
    ['one device at least', []],
  ])('are refused: %s', (why, fence) =>
    expect(refusalOf(giveFence(JSON.parse(JSON.stringify(fence))))).toContain(why),
  );

  test('what both nodes would share is refused: who fences one would put the other out', () => {
    const refusal = refusalOf((document) => {
      for (const node of document.nodes) node['fence'] = pdu;
    });
    expect(refusal).toContain('is there twice');
  });

  test('no secret of them is shown', () => {
    const agents = {
      kind: 'agents',
      program: 'fence_x',
      options: { ip: 'a' },
      secrets: { passwd: 'SECRET-1' },
    };
    const user = {
      username: 'u',
      authentication: 'sha',
      authenticationKey: 'SECRET-2',
      privacy: 'aes',
      privacyKey: 'SECRET-3',
    };
    const byUser = { ...other, ...user, version: '3', community: undefined };
    const fence = [{ ...pdu, community: 'SECRET-4' }, byUser, agents, { ...ipmi, password: 'SECRET-5' }];
    const config = configOf(giveFence(JSON.parse(JSON.stringify(fence))));
    expect(JSON.stringify(config).match(/SECRET-/g)).toHaveLength(5);
    expect(JSON.stringify(withoutSecrets(config))).not.toContain('SECRET');
    const before = configOf(giveFence(ipmi));
    expect(JSON.stringify(differences(before, config))).not.toContain('SECRET');
  });

  const SECRETS =
    'passwd password snmp_priv_passwd community secret_key access_key apikey api_key token hexadecimal_kg';
  const OTHERS =
    'ip plug username login auth auth_url snmp_auth_prot snmp_priv_prot key_value identity_file token_file ' +
    'cookie_file passwd_script password_script snmp_priv_passwd_script tlskey tlscert cacert ssh ssh_path method';

  test.each(SECRETS.split(' '))('%s is no option for everybody to see, and no difference', (name) => {
    expect(isSecretOption(name)).toBe(true);
    const device = {
      kind: 'agents',
      program: 'fence_x',
      options: { ip: 'a' },
      secrets: { [name]: 'SECRET' },
    };
    expect(refusalOf(giveFence(device))).toBe('accepted');
    expect(refusalOf(giveFence({ ...device, options: { [name]: 'SECRET' }, secrets: {} }))).toBe(
      'belongs under secrets',
    );
    const withOption = (value: string) => {
      const config = configOf(giveFence(device));
      const [key = '', given] =
        Object.entries(config.fenceDevices).find(([, { kind }]) => kind === 'agents') ?? [];
      if (given?.kind !== 'agents') throw new Error('the device is not there');
      const fenceDevices = { ...config.fenceDevices, [key]: { ...given, options: { [name]: value } } };
      return { ...config, fenceDevices };
    };
    const [before, after] = [withOption('SECRET-1'), withOption('SECRET-2')];
    expect(differences(before, after)).toEqual([
      {
        kind: 'changed',
        path: `fenceDevices.agents-${first}.options.${name}`,
        before: '(hidden)',
        after: '(hidden)',
      },
    ]);
    expect(JSON.stringify(withoutSecrets(before))).not.toContain('SECRET');
  });

  test.each(OTHERS.split(' '))('%s is an option', (name) => {
    const device = { kind: 'agents', program: 'fence_x', options: { ip: 'a', [name]: '/there' } };
    expect(refusalOf(giveFence(device))).toBe('accepted');
  });

  test.each([
    'qemu:///system',
    'qemu+tls://kvm1.example/system',
    'qemu+ssh://root@kvm1:2222/system?keyfile=/root/a:b@c',
    'qemu+ssh://root@[fd00::1]:22/system',
    'qemu+tcp://[fd00::1]/system',
    'vpx://EXAMPLE%5cadmin@vcenter/dc:1/esx@1',
    'esx://esx1/?no_verify=1',
    'esx://esx1',
  ])('%s holds no password', (uri) => {
    expect(isWithoutPassword(uri)).toBe(true);
    expect(refusalOf(giveFence({ kind: 'libvirt', uri, domain: 'a' }))).toBe('accepted');
  });

  test.each([
    'qemu+ssh://root:pw@kvm1/system',
    'qemu+ssh://root:pw@[fd00::1]/system',
    'qemu+ssh://:pw@kvm1/system',
    'qemu+ssh://root%3Apw@kvm1/system',
    'esx://root:p@ss@esx1/',
    'esx://root:p/ss@esx1/',
    'esx://root:p?ss@esx1',
    'esx://[root:pw]@esx1',
  ])('%s is refused, and not repeated', (uri) => {
    const refusal = refusalOf(giveFence({ kind: 'libvirt', uri, domain: 'a' }));
    expect(refusal).toContain('no password');
    expect(refusal).not.toContain('esx1');
  });
});

describe('SBD', () => {
  const disk = '/dev/disk/by-id/wwn-0x1';
  const three = [1, 2, 3].map((number) => `/dev/disk/by-id/wwn-0x${number}`);
  const give =
    (sbd: object | undefined, fence: unknown = { kind: 'sbd' }) =>
    (document: Document) => {
      for (const node of document.nodes) node['fence'] = fence;
      if (sbd !== undefined) document['sbd'] = sbd;
    };

  test('one section for all nodes, with its times computed', () => {
    const uuids = { [disk]: '00000000-0000-4000-8000-000000000000' };
    const file = ClusterFile.parse(example(give({ disks: [disk] })));
    const { fenceDevices } = initialConfig(file, { clusterId: 'c', poolSecret: 's' }, uuids);
    expect(Object.keys(fenceDevices)).toEqual(['sbd-san-a', 'sbd-san-b']);
    expect(fenceDevices['sbd-san-b']).toEqual({
      kind: 'sbd',
      name: 'sbd-san-b',
      node: 'san-b',
      disks: uuids,
      watchdog: '/dev/watchdog',
      watchdogTimeout: 5000,
      // Twice the watchdog's time is waited for, and a slow disk may add to that.
      timeout: 20_000,
    });
    const slow = configOf(give({ disks: three, watchdogTimeout: 30, watchdog: '/dev/watchdog1' }));
    expect(slow.fenceDevices['sbd-san-a']).toMatchObject({ timeout: 70_000, watchdog: '/dev/watchdog1' });
  });

  test('is one level among others', () => {
    const ipmi = { kind: 'ipmi', address: '10.0.9.1', username: 'admin', password: 'none' };
    const config = configOf((document) => {
      give({ disks: [disk] })(document);
      document.nodes[0] = { ...document.nodes[0], fence: [ipmi, { kind: 'sbd' }] };
    });
    expect(config.fenceDevices['sbd-san-a']).toMatchObject({ level: 2 });
  });

  test.each([
    ['of two neither is a majority', give({ disks: three.slice(1) })],
    ['one disk or three', give({ disks: [] })],
    ['must not name a disk twice', give({ disks: [disk, disk, '/dev/disk/by-id/wwn-0x2'] })],
    ['must be a name that stays the same', give({ disks: ['/dev/sdb'] })],
    ['must be the path of a disk below /dev', give({ disks: ['disk'] })],
    ['must not be a disk of DRBD', give({ disks: ['/dev/drbd/by-disk/x'] })],
    ['must be a watchdog', give({ disks: [disk], watchdog: '/dev/null' })],
    ['must be at least 2 s', give({ disks: [disk], watchdogTimeout: 1 })],
    ['needs the section sbd', give(undefined)],
    ['has two fence devices of kind sbd', give({ disks: [disk] }, [{ kind: 'sbd' }, { kind: 'sbd' }])],
    [
      'must be at least 15 s: a message is waited for 10 s',
      give({ disks: [disk] }, { kind: 'sbd', timeout: 12 }),
    ],
    ['is the disk of san-a that is mirrored', give({ disks: ['/dev/disk/by-id/virtio-keelson-a'] })],
  ])('is refused: %s', (why, change) => expect(refusalOf(change)).toContain(why));

  test('a section that no node uses is refused', () => {
    const refusal = refusalOf((document) => {
      document['sbd'] = { disks: [disk] };
    });
    expect(refusal).toContain('is used by no node');
  });
});
