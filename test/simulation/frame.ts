import type { MachineSnapshot, Snapshot } from './snapshot.ts';

const WIDTH = 40;
/** Writes between two pictures, from none to many. */
const LEVELS = [' ', '.', ':', '|'];

/** One picture: the machines side by side, what is cut between them, the host's writes, and what was told last. */
export function frame(now: Snapshot, writes: readonly number[], told: readonly string[]): string {
  const boxes = now.machines.map(box);
  const height = Math.max(...boxes.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_, row) => boxes.map((lines) => lines[row] ?? '').join('  '));
  return [
    `${(now.age / 1000).toFixed(1).padStart(8)} s`,
    ...rows,
    ...['cluster', 'replication'].map((network) => link(now, network)),
    `broken        ${now.networks.length === 0 ? 'nothing' : now.networks.join(', ')}`,
    `host writes   ${graph(writes)} ${now.writes}`,
    '',
    ...told,
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function box({
  name,
  isPowered,
  engine,
  corosync,
  drbd,
  serves,
  revision,
}: MachineSnapshot): readonly string[] {
  const line = (word: string, text: string): string =>
    `| ${`${word.padEnd(9)}${text}`.slice(0, WIDTH - 4).padEnd(WIDTH - 4)} |`;
  const [roles = '', ...connection] = drbd.split(/ (?=[^ ]+(?:, frozen)?$)/);
  return [
    `+- ${name} ${isPowered ? '' : '(no power) '}`.padEnd(WIDTH - 1, '-') + '+',
    line('engine', engine),
    line('corosync', corosync),
    line('mirror', roles),
    line('', connection.join(' ')),
    line('serves', serves.join(' ')),
    line('config', `revision ${revision}`),
    `+${'-'.repeat(WIDTH - 2)}+`,
  ];
}

function link({ machines, networks }: Snapshot, network: string): string {
  const isCut = networks.some((text) => text.startsWith(`${network} network`));
  return `${network.padEnd(12)}  ${machines.map(({ name }) => name).join(isCut ? ' ==== X ==== ' : ' =========== ')}`;
}

const graph = (writes: readonly number[]): string =>
  writes
    .slice(-60)
    .map((count) => LEVELS[Math.min(LEVELS.length - 1, Math.ceil(count / 3))] ?? ' ')
    .join('')
    .padStart(60);
