import type { ConnectInfo, HostReach } from '../../model/index.ts';
import { quotedPortal } from './portal.ts';

/** Seconds in which a session may come back before its paths count as dead; a failover takes less. */
const RECOVERY_TIMEOUT = 60;

/** The shell of ESXi 6.7 and later. */
export function esxi({ host, targets }: HostReach): ConnectInfo['esxi'] {
  const { chap, mutualChap } = host;
  const [initiator] = host.initiators;
  const auth = (direction: 'uni' | 'mutual', username: string): readonly string[] => [
    `echo 'Secret of the ${direction === 'uni' ? 'host' : 'target'}:'; read -r -s SECRET`,
    `esxcli iscsi adapter auth chap set --adapter="$HBA" --direction=${direction} --level=required --authname=${quoted(username)} --secret="$SECRET"`,
  ];
  return {
    commands: [
      'esxcli iscsi software set --enabled=true',
      `HBA=$(esxcli iscsi adapter list | awk '/iscsi_vmk/ { print $1; exit }')`,
      ...(initiator === undefined
        ? []
        : [`esxcli iscsi adapter set --adapter="$HBA" --name=${quoted(initiator)}`]),
      ...(chap === undefined ? [] : auth('uni', chap.username)),
      ...(mutualChap === undefined ? [] : auth('mutual', mutualChap.username)),
      `esxcli iscsi adapter param set --adapter="$HBA" --key=RecoveryTimeout --value=${RECOVERY_TIMEOUT}`,
      "esxcli storage nmp satp rule add --satp=VMW_SATP_ALUA --vendor=LIO-ORG --psp=VMW_PSP_RR --claim-option=tpgs_on --description='Keelson'",
      ...targets.flatMap(({ portals }) =>
        portals.map(
          (portal) =>
            `esxcli iscsi adapter discovery sendtarget add --adapter="$HBA" --address=${quotedPortal(portal)}`,
        ),
      ),
      'esxcli storage core adapter rescan --adapter="$HBA"',
    ],
  };
}

/** For a shell, in which nothing means anything inside of single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
