import type { ConnectInfo, HostReach } from '../../model/index.ts';
import { multipathFile } from './multipath.ts';
import { quotedPortal } from './portal.ts';

/** Seconds until I/O of a lost path is given to another one; without another one, until it fails. */
const REPLACEMENT_TIMEOUT = { many: 15, one: 120 };
/** Seconds between two signs of life that a session asks for, and how long one is waited for. */
const NOOP = 5;
/**
 * Seconds until a login is given up. The kernel asks a portal that is silent after 0, 1, 3 and 7 seconds, and iscsid begins
 * anew 3 seconds after it has given up: with 8, a portal that is back is found within 4 seconds, with its own 15 within 11.
 */
const LOGIN_TIMEOUT = 8;

/** Debian's open-iscsi and multipath-tools; others have the same commands. */
export function linux({ host, targets, luns }: HostReach): ConnectInfo['linux'] {
  const hasPaths = targets.some(({ portals }) => portals.length > 1);
  return {
    packages: ['open-iscsi', ...(hasPaths ? ['multipath-tools'] : [])],
    files: [
      ...initiatorFile(host),
      ...(host.chap === undefined ? [] : [chapFile(host, host.chap.username)]),
      ...(hasPaths
        ? [
            {
              path: '/etc/multipath/conf.d/keelson.conf',
              how: 'as a new file',
              text: multipathFile(),
            },
          ]
        : []),
    ],
    commands: [
      'systemctl restart iscsid',
      ...(hasPaths ? ['systemctl restart multipathd'] : []),
      ...targets.flatMap(logIn),
      'iscsiadm --mode session --rescan',
      ...(hasPaths ? luns.map(({ wwid }) => `multipath -ll ${wwid}`) : []),
    ],
  };
}

/** Which of its names a machine has, only a host of one machine tells. */
function initiatorFile({ initiators }: HostReach['host']): ConnectInfo['linux']['files'] {
  const [only, ...others] = initiators;
  if (only === undefined) return [];
  return [
    {
      path: '/etc/iscsi/initiatorname.iscsi',
      how:
        others.length === 0 ? 'as the only line' : 'as the only line: each machine the one that is its own',
      text: initiators.map((name) => `InitiatorName=${name}\n`).join(''),
    },
  ];
}

/** In the file that only root reads, from which every new target takes it. */
const chapFile = (
  { mutualChap }: HostReach['host'],
  username: string,
): ConnectInfo['linux']['files'][number] => ({
  path: '/etc/iscsi/iscsid.conf',
  how: 'as further lines, with the secrets in their places; keep it readable for root only',
  text: [
    'node.session.auth.authmethod = CHAP',
    `node.session.auth.username = ${username}`,
    'node.session.auth.password = SECRET-OF-THE-HOST',
    ...(mutualChap === undefined
      ? []
      : [
          `node.session.auth.username_in = ${mutualChap.username}`,
          'node.session.auth.password_in = SECRET-OF-THE-TARGET',
        ]),
    '',
  ].join('\n'),
});

function logIn({ iqn, portals }: HostReach['targets'][number]): readonly string[] {
  const node = `iscsiadm --mode node --targetname ${iqn}`;
  const settings = {
    'node.startup': 'automatic',
    'node.session.timeo.replacement_timeout':
      portals.length > 1 ? REPLACEMENT_TIMEOUT.many : REPLACEMENT_TIMEOUT.one,
    'node.conn[0].timeo.noop_out_interval': NOOP,
    'node.conn[0].timeo.noop_out_timeout': NOOP,
    'node.conn[0].timeo.login_timeout': LOGIN_TIMEOUT,
  };
  return [
    ...portals.map(
      (portal) => `iscsiadm --mode discovery --type sendtargets --portal ${quotedPortal(portal)}`,
    ),
    ...Object.entries(settings).map(
      ([name, value]) => `${node} --op update --name '${name}' --value ${value}`,
    ),
    ...portals.map((portal) => `${node} --portal ${quotedPortal(portal)} --login`),
  ];
}
