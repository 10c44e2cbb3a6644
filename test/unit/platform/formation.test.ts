import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { milliseconds, success } from '../../../src/model/index.ts';
import { ensureCertificate, fingerprintOf } from '../../../src/platform/formation/certificate.ts';
import { corosyncConfiguration } from '../../../src/platform/formation/corosync-configuration.ts';
import { installCorosync, startCorosync } from '../../../src/platform/formation/corosync-service.ts';
import { checkDisk, signaturesIn } from '../../../src/platform/formation/disk.ts';
import { loadModules } from '../../../src/platform/formation/kernel.ts';
import { lvmConfiguration, installLvm, systemPhysicalVolumes } from '../../../src/platform/formation/lvm.ts';
import { checkWitness } from '../../../src/platform/formation/witness.ts';
import { ensureToken } from '../../../src/platform/formation/token.ts';
import { createRandom, digest } from '../../../src/platform/world.ts';
import type { Run } from '../../../src/platform/processes/run.ts';

const execute = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(inFolder(name), 'utf8');
const modeOf = (name: string): string => (statSync(inFolder(name)).mode & 0o777).toString(8);

/** Answers every program with success and this output, and remembers what was run. */
function recordingRun(stdout = ''): { run: Run; commands: string[] } {
  const commands: string[] = [];
  return {
    commands,
    run: (program, args) => {
      commands.push([program, ...args].join(' '));
      return Promise.resolve(success({ exitCode: 0, stdout, stderr: '' }));
    },
  };
}

describe('Corosync', () => {
  const cluster = {
    clusterName: 'harbour',
    token: milliseconds(1000),
    nodes: [
      { name: 'anna', id: 1, cluster: '10.0.2.1' },
      { name: 'bert', id: 2, cluster: '10.0.2.2' },
    ],
  };
  const authkey = createRandom().hex(256);

  // `corosync -t` of 3.1.7 exits with 0 for any file, so a real Corosync has to read it: the cluster tests.
  test('hears of both nodes by name, id and address, and encrypts', () => {
    const lines = corosyncConfiguration(cluster)
      .split('\n')
      .map((line) => line.trim());
    const first = ['node {', 'name: anna', 'nodeid: 1', 'ring0_addr: 10.0.2.1', '}'];
    const second = ['node {', 'name: bert', 'nodeid: 2', 'ring0_addr: 10.0.2.2', '}'];
    const start = lines.indexOf('nodelist {');
    expect(lines.slice(start + 1, start + 12)).toEqual([...first, ...second, '}']);
    expect(lines).toEqual(expect.arrayContaining(['crypto_cipher: aes256', 'crypto_hash: sha256']));
    expect(lines).toEqual(expect.arrayContaining(['cluster_name: harbour', 'two_node: 1']));
  });

  const linkLines = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => /ring\d_addr|linknumber/.test(line))
      .map((line) => line.trim());

  test('has a second link over the replication network, where that is another one, and further ones as given', () => {
    const nodes = [
      { name: 'anna', id: 1, cluster: '10.0.2.1', replication: '10.0.3.1', links: ['10.0.4.1'] },
      { name: 'bert', id: 2, cluster: '10.0.2.2', replication: '10.0.3.2', links: ['10.0.4.2'] },
    ];
    const text = corosyncConfiguration({ ...cluster, nodes });
    expect(linkLines(text)).toEqual([
      'linknumber: 0',
      'linknumber: 1',
      'linknumber: 2',
      'ring0_addr: 10.0.2.1',
      'ring1_addr: 10.0.3.1',
      'ring2_addr: 10.0.4.1',
      'ring0_addr: 10.0.2.2',
      'ring1_addr: 10.0.3.2',
      'ring2_addr: 10.0.4.2',
    ]);
    expect(text).toContain('knet_ping_interval: 100\n    knet_ping_timeout: 300\n    knet_pong_count: 2');
  });

  test('has one link where a node replicates over its cluster network, or the networks are not known', () => {
    const same = { name: 'anna', id: 1, cluster: '10.0.2.1', replication: '10.0.2.101' };
    const apart = { name: 'bert', id: 2, cluster: '10.0.2.2', replication: '10.0.3.2' };
    const one = ['ring0_addr: 10.0.2.1', 'ring0_addr: 10.0.2.2'];
    expect(linkLines(corosyncConfiguration({ ...cluster, nodes: [same, apart] }))).toEqual(one);
    expect(linkLines(corosyncConfiguration(cluster))).toEqual(one);
  });

  test('with a witness has its device, and neither two_node nor wait_for_all', () => {
    const text = corosyncConfiguration({ ...cluster, witness: { address: '10.0.9.9', tls: 'off' } });
    expect(text).not.toMatch(/two_node|wait_for_all/);
    expect(text).toContain(`quorum {
  provider: corosync_votequorum
  device {
    model: net
    votes: 1
    net {
      host: 10.0.9.9
      algorithm: ffsplit
      tls: off
    }
  }
}
`);
  });

  test('asks the heuristics of the witness: addresses that must answer, and programs of one folder only', () => {
    const heuristics = {
      mode: 'sync' as const,
      timeout: milliseconds(500),
      ping: ['10.0.2.254', '10.0.3.254'],
      programs: ['sees-storage'],
    };
    const witness = { address: '10.0.9.9', tls: 'required' as const, heuristics };
    expect(corosyncConfiguration({ ...cluster, witness })).toContain(`    heuristics {
      mode: sync
      timeout: 1000
      sync_timeout: 1000
      exec_ping1: /usr/bin/ping -n -q -c 3 -i 0.2 -W 1 10.0.2.254
      exec_ping2: /usr/bin/ping -n -q -c 3 -i 0.2 -W 1 10.0.3.254
      exec_sees_storage: /etc/keelson/heuristics/sees-storage
    }
`);
  });

  test('of three nodes has a consensus above the token, and no two_node', () => {
    const third = { name: 'carl', id: 3, cluster: '10.0.2.3' };
    const text = corosyncConfiguration({ ...cluster, nodes: [...cluster.nodes, third] });
    expect(text).toContain('  consensus: 1200\n');
    expect(text).not.toContain('two_node');
  });

  test.each([
    [1000, 200],
    [5000, 1000],
    [500, 200],
  ])(
    'of two nodes with token %i has consensus %i: under the token, above the join timeout',
    (token, value) => {
      const text = corosyncConfiguration({ ...cluster, token: milliseconds(token) });
      expect(text).toContain(`  consensus: ${value}\n`);
      expect(text).toContain('two_node: 1');
    },
  );

  test('is stopped for a new configuration, and left alone when nothing changed', async () => {
    const first = recordingRun();
    await installCorosync('totem {}', authkey, { folder, run: first.run });
    expect(first.commands).toEqual(['systemctl disable corosync.service', 'systemctl stop corosync.service']);
    expect([modeOf('authkey'), read('authkey')]).toEqual(['400', authkey]);
    const second = recordingRun();
    await installCorosync('totem {}', authkey, { folder, run: second.run });
    expect(second.commands).toEqual(['systemctl disable corosync.service']);
  });

  test('needs the device and the programs of its witness, and says which is missing', async () => {
    const heuristics = {
      mode: 'on' as const,
      timeout: milliseconds(5000),
      ping: [],
      programs: ['sees-storage'],
    };
    const witness = { address: '10.0.9.9', tls: 'off' as const, heuristics };
    const paths = { device: inFolder('qdevice'), programs: folder };
    expect(await checkWitness(undefined, paths)).toEqual(success(undefined));
    expect(await checkWitness(witness, paths)).toMatchObject({
      failure: { code: 'command_missing', message: expect.stringContaining('corosync-qdevice') as string },
    });
    writeFileSync(paths.device, '', { mode: 0o755 });
    writeFileSync(inFolder('sees-storage'), '', { mode: 0o644 });
    expect(await checkWitness(witness, paths)).toMatchObject({
      failure: { code: 'command_missing', message: expect.stringContaining('sees-storage') as string },
    });
    chmodSync(inFolder('sees-storage'), 0o755);
    expect(await checkWitness(witness, paths)).toEqual(success(undefined));
  });

  test('is started with the device of its witness, where there is one', async () => {
    const alone = recordingRun();
    await startCorosync({ run: alone.run });
    expect(alone.commands.at(-1)).toBe('systemctl start corosync.service');
    const witnessed = recordingRun();
    await startCorosync({ run: witnessed.run, witness: true });
    expect(witnessed.commands.slice(-3)).toEqual([
      'systemctl start corosync.service',
      'systemctl reset-failed corosync-qdevice.service',
      'systemctl start corosync-qdevice.service',
    ]);
  });

  test('that does not start is a failure with what systemd said', async () => {
    const run: Run = (_program, [verb]) =>
      Promise.resolve(success({ exitCode: verb === 'start' ? 1 : 0, stdout: '', stderr: 'no such unit\n' }));
    expect(await startCorosync({ run })).toMatchObject({
      ok: false,
      failure: { code: 'command_failed', message: expect.stringContaining('no such unit') as string },
    });
  });
});

describe('LVM', () => {
  const devices = [
    {
      path: '/dev/vda',
      fstype: null,
      mountpoints: [null],
      children: [
        { path: '/dev/vda1', fstype: 'ext4', mountpoints: ['/boot'] },
        {
          path: '/dev/vda2',
          fstype: 'LVM2_member',
          mountpoints: [null],
          children: [{ path: '/dev/mapper/os-root', fstype: 'ext4', mountpoints: ['/'] }],
        },
      ],
    },
    {
      path: '/dev/vdb',
      fstype: 'LVM2_member',
      mountpoints: [null],
      children: [{ path: '/dev/drbd0', fstype: 'LVM2_member', mountpoints: [null] }],
    },
    { path: '/dev/vdc', fstype: 'LVM2_member', mountpoints: [null] },
  ];

  test('sees the disks of the operating system, and neither backing disks nor strangers', () => {
    expect(systemPhysicalVolumes(devices, ['/dev/vdb'])).toEqual(['/dev/vda2']);
  });

  test('gets a filter that ends by rejecting all', async () => {
    const { run } = recordingRun(JSON.stringify({ blockdevices: devices }));
    expect(await installLvm(['/dev/vdb'], { folder, links: folder, run })).toEqual(success(undefined));
    expect(read('lvmlocal.conf')).toBe(lvmConfiguration(['/dev/vda2']));
    expect(read('lvmlocal.conf')).toContain('[ "a|^/dev/drbd[0-9]+$|", "a|^/dev/vda2$|", "r|.*|" ]');
  });

  test('is given the names that stay, and a configuration of others is kept once', async () => {
    const links = inFolder('by-id');
    mkdirSync(links);
    for (const name of ['wwn-0x1-part2', 'lvm-pv-uuid-x']) symlinkSync(inFolder('vda2'), join(links, name));
    symlinkSync(inFolder('vdb'), join(links, 'wwn-0x2'));
    writeFileSync(inFolder('vda2'), '');
    writeFileSync(inFolder('vdb'), '');
    const children = [{ path: '/dev/mapper/os-root', fstype: 'ext4', mountpoints: ['/'] }];
    const system = { path: inFolder('vda2'), fstype: 'LVM2_member', mountpoints: [null], children };
    const { run } = recordingRun(JSON.stringify({ blockdevices: [system] }));
    writeFileSync(inFolder('lvmlocal.conf'), 'theirs');
    expect(await installLvm([], { folder, links, run })).toEqual(success(undefined));
    const names = [join(links, 'lvm-pv-uuid-x'), join(links, 'wwn-0x1-part2')];
    expect(read('lvmlocal.conf')).toBe(lvmConfiguration(names));
    expect(await installLvm([], { folder, links, run })).toEqual(success(undefined));
    expect(read('lvmlocal.conf.before-keelson')).toBe('theirs');
  });

  test('real lsblk is understood', async () => {
    expect(await installLvm(['/dev/none'], { folder })).toEqual(success(undefined));
    expect(read('lvmlocal.conf')).toContain('"r|.*|"');
  });
});

describe('the disk', () => {
  test('must exist and be a block device', async () => {
    writeFileSync(inFolder('file'), '');
    expect(await checkDisk(inFolder('none'))).toMatchObject({ failure: { code: 'disk_missing' } });
    expect(await checkDisk(inFolder('file'))).toMatchObject({ failure: { code: 'disk_missing' } });
  });

  test('shows its signatures as the real wipefs prints them', async () => {
    const image = inFolder('image');
    await execute('truncate', ['--size', '8M', image]);
    const wipefs = () => execute('/usr/sbin/wipefs', ['--no-act', '--json', image]);
    expect(signaturesIn((await wipefs()).stdout)).toEqual([]);
    await execute('/usr/sbin/mke2fs', ['-q', '-t', 'ext4', image]);
    expect(signaturesIn((await wipefs()).stdout)).toEqual(['ext4']);
  });
});

describe('the kernel', () => {
  test('gets its modules, configfs, and a folder for LIO that has pr/', async () => {
    mkdirSync(inFolder('config/target'), { recursive: true });
    writeFileSync(inFolder('config/target/dbroot'), '/var/target\n');
    writeFileSync(inFolder('mounts'), 'proc /proc proc rw 0 0\n');
    const { run, commands } = recordingRun();
    const options = {
      run,
      configfs: inFolder('config'),
      mounts: inFolder('mounts'),
      targetFolder: inFolder('target'),
      drbdStatus: inFolder('drbd'),
    };
    writeFileSync(inFolder('drbd'), 'version: 9.2.4 (api:2/proto:86-121)\n');
    expect(await loadModules(options)).toMatchObject({
      failure: { code: 'host_setup_failed', message: expect.stringContaining('9.2.4') as string },
    });
    commands.length = 0;
    writeFileSync(inFolder('drbd'), 'version: 8.4.11 (api:1/proto:86-101)\n');
    expect(await loadModules(options)).toEqual(success(undefined));
    expect(commands).toEqual([
      'modprobe --all configfs drbd target_core_mod iscsi_target_mod target_core_iblock',
      `mount -t configfs configfs ${inFolder('config')}`,
    ]);
    expect(read('config/target/dbroot')).toBe(`${inFolder('target')}\n`);
    expect(statSync(inFolder('target/pr')).isDirectory()).toBe(true);
    // With backstores the attribute refuses writes; what is right already is not written.
    chmodSync(inFolder('config/target/dbroot'), 0o400);
    writeFileSync(inFolder('mounts'), `configfs ${inFolder('config')} configfs rw 0 0\n`);
    commands.length = 0;
    expect(await loadModules(options)).toEqual(success(undefined));
    expect(commands).toHaveLength(1);
  });
});

describe('the certificate', () => {
  test('is made once, belongs to its key, and names the node', async () => {
    const made = await ensureCertificate(folder, ['anna', '127.0.0.1']);
    const certificate = new X509Certificate(read('api.crt'));
    expect(made).toEqual(success(fingerprintOf(certificate.raw)));
    expect(certificate.checkPrivateKey(createPrivateKey(read('api.key')))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.checkHost('anna')).toBe('anna');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    const years = (certificate.validToDate.getTime() - Date.now()) / (365 * 24 * 3600 * 1000);
    expect(years).toBeGreaterThan(9.9);
    expect([modeOf('api.key'), modeOf('api.crt')]).toEqual(['640', '644']);
    expect(await ensureCertificate(folder, ['anna'])).toEqual(made);
  });

  test('is made again where the key was lost', async () => {
    const made = await ensureCertificate(folder, ['anna']);
    rmSync(inFolder('api.key'));
    const again = await ensureCertificate(folder, ['anna']);
    expect(again.ok).toBe(true);
    expect(again).not.toEqual(made);
  });
});

describe('the token', () => {
  test('is for root only, its hash for the API, and it stays', async () => {
    const made = await ensureToken(folder, createRandom());
    const token = read('token').trim();
    expect(made).toEqual(success(token));
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(read('token.sha256')).toBe(`${digest(token)}\n`);
    expect([modeOf('token'), modeOf('token.sha256')]).toEqual(['600', '640']);
    writeFileSync(inFolder('token.sha256'), 'torn');
    expect(await ensureToken(folder, createRandom())).toEqual(made);
    expect(read('token.sha256')).toBe(`${digest(token)}\n`);
  });
});
