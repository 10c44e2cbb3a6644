import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectInfo } from '../../../src/api/connect-info/connect-info.ts';
import * as schemas from '../../../src/api/schemas/index.ts';
import type { HostReach } from '../../../src/model/index.ts';
import { lun } from './fake-gateway.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const web = 'iqn.2026-11.com.example:web';
const reach: HostReach = {
  host: { name: 'web', initiators: [web], luns: [{ name: 'web', number: 1, readOnly: false }], loggedIn: [] },
  targets: [{ iqn, portals: ['10.77.3.100:3260', '10.77.4.100:3260'] }],
  luns: [lun({ iqn })],
};
const withChap: HostReach = {
  ...reach,
  host: { ...reach.host, chap: { username: "o'web" }, mutualChap: { username: 'san' } },
};
const onePortal: HostReach = { ...reach, targets: [{ iqn, portals: ['10.77.3.100:3260'] }] };

const mixed: HostReach = {
  ...reach,
  targets: [{ iqn, portals: ['10.77.3.100:3260', '[2001:db8:5::10]:3260'] }],
};

const fileOf = (given: HostReach, path: string): string | undefined =>
  connectInfo(given).linux.files.find((file) => file.path === path)?.text;

describe('what a host is told', () => {
  it('fits its schema', () => {
    expect(schemas.ConnectInfo.parse(connectInfo(withChap))).toEqual(connectInfo(withChap));
  });

  it('on Linux: to log in through every portal, with settings that make a failover a pause', () => {
    const { commands } = connectInfo(reach).linux;
    const logins = commands.filter((command) => command.endsWith('--login'));
    expect(logins).toEqual([
      `iscsiadm --mode node --targetname ${iqn} --portal 10.77.3.100:3260 --login`,
      `iscsiadm --mode node --targetname ${iqn} --portal 10.77.4.100:3260 --login`,
    ]);
    const before = commands.slice(0, commands.indexOf(logins[0] ?? ''));
    expect(before.join('\n')).toContain("--name 'node.session.timeo.replacement_timeout' --value 15");
    expect(commands.at(-1)).toBe(`multipath -ll ${lun().wwid}`);
    expect(fileOf(reach, '/etc/multipath/conf.d/keelson.conf')).toContain('no_path_retry queue');
    expect(fileOf(reach, '/etc/iscsi/initiatorname.iscsi')).toBe(`InitiatorName=${web}\n`);
  });

  it('on Linux with one portal: no multipath, and patience instead', () => {
    const { packages, commands } = connectInfo(onePortal).linux;
    expect(packages).toEqual(['open-iscsi']);
    expect(commands.join('\n')).toContain("replacement_timeout' --value 120");
    expect(commands.join('\n')).not.toContain('multipath');
  });

  it('with CHAP: under which names, and where to put the secrets, which it does not know', () => {
    const info = connectInfo(withChap);
    expect(fileOf(withChap, '/etc/iscsi/iscsid.conf')).toBe(
      [
        'node.session.auth.authmethod = CHAP',
        "node.session.auth.username = o'web",
        'node.session.auth.password = SECRET-OF-THE-HOST',
        'node.session.auth.username_in = san',
        'node.session.auth.password_in = SECRET-OF-THE-TARGET',
        '',
      ].join('\n'),
    );
    expect(info.windows.commands.join('\n')).toContain(
      "-AuthenticationType MUTUALCHAP -ChapUsername 'o''web'",
    );
    expect(info.windows.commands.filter((command) => command.includes('Read-Host'))).toHaveLength(2);
    expect(info.esxi.commands.filter((command) => command.includes('read -r -s SECRET'))).toHaveLength(2);
  });

  it('on Windows: through MPIO where there are two portals', () => {
    expect(connectInfo(reach).windows.commands).toContain(
      `Connect-IscsiTarget -NodeAddress '${iqn}' -TargetPortalAddress 10.77.4.100 -TargetPortalPortNumber 3260 -IsPersistent $true -IsMultipathEnabled $true`,
    );
    expect(connectInfo(onePortal).windows.commands.join('\n')).not.toContain('Multipath');
  });

  it.each(['linux', 'esxi'] as const)('is something that a shell understands: %s', (system) => {
    for (const command of connectInfo(withChap)[system].commands)
      execFileSync('sh', ['-n', '-c', command.replace('read -r -s', 'read -r')]);
  });

  it('of an IPv6 portal, in the form of each system', () => {
    const { linux, windows, esxi } = connectInfo(mixed);
    // Files whose names brackets would stand for must not take their place.
    const folder = mkdtempSync(join(tmpdir(), 'keelson-connect-'));
    try {
      writeFileSync(join(folder, '2:3260'), '');
      const told = [...linux.commands, ...esxi.commands].filter((command) => command.includes('2001:db8'));
      expect(told).toHaveLength(3);
      for (const command of told) {
        const script = `HBA=x; iscsiadm() { printf '%s\\n' "$@"; }; esxcli() { printf '%s\\n' "$@"; }; ${command}`;
        const words = execFileSync('sh', ['-c', script], { encoding: 'utf8', cwd: folder }).split('\n');
        expect(words.map((word) => word.replace('--address=', ''))).toContain('[2001:db8:5::10]:3260');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(windows.commands.join('\n')).toContain(
      'New-IscsiTargetPortal -TargetPortalAddress 2001:db8:5::10 -TargetPortalPortNumber 3260',
    );
  });

  it('names of any form mean nothing to a shell', () => {
    const chap = { username: "';reboot;'$(reboot)`reboot`" };
    const auth = connectInfo({ ...reach, host: { ...reach.host, chap } }).esxi.commands.find((command) =>
      command.includes('--authname='),
    );
    const words = execFileSync('sh', ['-c', `esxcli() { printf '%s\\n' "$@"; }; ${auth ?? ''}`], {
      encoding: 'utf8',
    });
    expect(words.split('\n')).toContain(`--authname=${chap.username}`);
  });
});
