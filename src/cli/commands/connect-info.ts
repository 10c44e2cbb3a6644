import { formatSize } from '../../api/schemas/size.ts';
import type { ConnectInfo } from '../../model/index.ts';
import { usage } from '../failures.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';

const systems = ['linux', 'windows', 'esxi'] as const;
type System = (typeof systems)[number];

const isSystem = (word: string): word is System => systems.some((system) => system === word);

/** What is for people to read is a comment, so that all of it can be pasted. */
export async function connectInfo(session: Session, name: string, options: { for: string }): Promise<void> {
  const { for: system } = options;
  if (!isSystem(system)) throw usage(`--for must be one of ${systems.join(', ')}, not ${system}`);
  const client = await session.client();
  const path = `/hosts/${encodeURIComponent(name)}/connect-info`;
  const { body } = await client.ask({ method: 'GET', path });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const info = body as ConnectInfo;
  session.output.print(commented(lunsOf(info)));
  session.output.print('');
  for (const line of system === 'linux' ? forLinux(info.linux) : info[system].commands)
    session.output.print(line);
  session.output.print('');
  session.output.print(commented(['When a LUN has grown:', ...info.afterGrow[system]].join('\n')));
}

const commented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');

function lunsOf({ host, luns }: ConnectInfo): string {
  if (luns.length === 0) return `No LUN is for ${host.name} yet: \`keelson lun map LUN ${host.name}\`.`;
  return table(
    ['LUN', 'NUMBER', 'SIZE', 'WWID', 'ACCESS'],
    luns.map((lun) => [
      lun.name,
      String(lun.number),
      formatSize(lun.size),
      lun.wwid,
      lun.readOnlyHosts?.includes(host.name) === true ? 'read-only' : 'read and write',
    ]),
  );
}

const forLinux = ({ packages, files, commands }: ConnectInfo['linux']): readonly string[] => [
  `apt-get install ${packages.join(' ')}`,
  '',
  ...files.flatMap(({ path, how, text }) => [`# ${path}, ${how}:`, commented(text.trimEnd()), '']),
  ...commands,
];
