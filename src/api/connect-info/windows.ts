import type { ConnectInfo, HostReach } from '../../model/index.ts';

/** Seconds that Windows waits for a disk before it tells an error; a failover takes less. */
const DISK_TIMEOUT = 60;
/** Seconds that MPIO keeps a disk without any path. */
const PATHLESS = 120;

/** PowerShell, as an administrator; Windows Server 2016 and later. */
export function windows({ host, targets }: HostReach): ConnectInfo['windows'] {
  const { chap, mutualChap } = host;
  const hasPaths = targets.some(({ portals }) => portals.length > 1);
  const [initiator] = host.initiators;
  return {
    commands: [
      'Set-Service -Name MSiSCSI -StartupType Automatic',
      'Start-Service -Name MSiSCSI',
      ...(initiator === undefined
        ? []
        : [
            `Get-InitiatorPort | Where-Object ConnectionType -eq 'iSCSI' | Set-InitiatorPort -NewNodeAddress '${initiator}'`,
          ]),
      `Set-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Disk -Name TimeOutValue -Value ${DISK_TIMEOUT}`,
      ...(hasPaths
        ? [
            'Install-WindowsFeature -Name Multipath-IO',
            'Enable-MSDSMAutomaticClaim -BusType iSCSI',
            `Set-MPIOSetting -NewPathVerificationState Enabled -NewPDORemovePeriod ${PATHLESS} -CustomPathRecovery Enabled -NewPathRecoveryInterval 20`,
          ]
        : []),
      ...(chap === undefined ? [] : [`$secret = Read-Host -Prompt 'Secret of the host'`]),
      ...(mutualChap === undefined
        ? []
        : [`Set-IscsiChapSecret -ChapSecret (Read-Host -Prompt 'Secret of the target')`]),
      ...targets.flatMap(({ iqn, portals }) => [
        ...portals.map((portal) => `New-IscsiTargetPortal ${portalWords(portal)}`),
        ...portals.map((portal) =>
          [
            `Connect-IscsiTarget -NodeAddress '${iqn}' ${portalWords(portal)} -IsPersistent $true`,
            ...(hasPaths ? ['-IsMultipathEnabled $true'] : []),
            ...(chap === undefined
              ? []
              : [
                  `-AuthenticationType ${mutualChap === undefined ? 'ONEWAYCHAP' : 'MUTUALCHAP'}`,
                  `-ChapUsername ${quoted(chap.username)} -ChapSecret $secret`,
                ]),
          ].join(' '),
        ),
      ]),
      'Update-HostStorageCache',
    ],
  };
}

function portalWords(portal: string): string {
  // PowerShell takes an IPv6 address without brackets.
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(portal) ?? [];
  return `-TargetPortalAddress ${address} -TargetPortalPortNumber ${port}`;
}

/** For PowerShell, in which a quote inside of quotes stands twice. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
