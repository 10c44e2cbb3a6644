import { asMarkdown, asText, type Table } from '../failover/table.ts';
import { percentile, perSecond, type Provisioned } from './creates.ts';

const seconds = (milliseconds: number): string =>
  Number.isNaN(milliseconds) ? '-' : `${(milliseconds / 1000).toFixed(1)} s`;
const rate = (value: number): string => value.toPrecision(2);

function tableOf(all: readonly Provisioned[]): Table {
  const row = (what: string, cell: (one: Provisioned) => string): readonly string[] => [
    what,
    ...all.map(cell),
  ];
  return {
    title: 'LUNs made',
    header: ['', ...all.map(({ stack }) => stack)],
    rows: [
      row('one after the other, each: median', ({ oneByOne }) => seconds(percentile(oneByOne.each, 0.5))),
      row('99th percentile', ({ oneByOne }) => seconds(percentile(oneByOne.each, 0.99))),
      row('longest', ({ oneByOne }) => seconds(percentile(oneByOne.each, 1))),
      row('LUNs', ({ oneByOne }) => String(oneByOne.luns)),
      row('as many as it can at once: LUNs a second', ({ together }) => rate(perSecond(together))),
      row('each: median', ({ together }) => seconds(percentile(together.each, 0.5))),
      row('LUNs', ({ together }) => String(together.luns)),
    ],
  };
}

/** What the run has measured, in one line; of a stack that was not run it says so. */
export function lastLine(all: readonly Provisioned[]): string {
  const of = (name: Provisioned['stack']): Provisioned | undefined => all.find(({ stack }) => stack === name);
  const [ours, theirs] = [of('keelson'), of('pacemaker')];
  if (ours === undefined) return 'provision: keelson was not run';
  const each = percentile(ours.oneByOne.each, 0.5);
  const own = `one create takes ${seconds(each)} (median of ${ours.oneByOne.luns}), ${rate(perSecond(ours.together))} LUNs a second at once`;
  if (theirs === undefined) return `provision: ${own}; pacemaker was not run`;
  const single = percentile(theirs.oneByOne.each, 0.5) / each;
  const many = perSecond(ours.together) / perSecond(theirs.together);
  return `provision: ${own}; ${rate(single)} x and ${rate(many)} x faster than pacemaker`;
}

const explanation = (clients: number): readonly string[] => [
  `Keelson: one request for each LUN, until it is exported, timed by the client; at once with ${clients} clients.`,
  'Pacemaker: lvcreate, and a resource of the crm shell at the end of the target’s group, until the cluster has settled, timed on the node; at once as one commit of them all.',
  'Both in the same emulated machines, on the same DRBD resource and volume group: compare, and take no number for itself.',
];

export const textReport = (all: readonly Provisioned[], clients: number): string =>
  `${[asText(tableOf(all)), explanation(clients).join('\n'), lastLine(all)].join('\n\n')}\n`;

/** For the docs; `command` is what made it. */
export const markdownReport = (all: readonly Provisioned[], clients: number, command: string): string =>
  `${[
    '# Making LUNs, measured',
    `Made by \`${command}\`; changes made here are lost.`,
    ...explanation(clients),
    asMarkdown(tableOf(all)),
    `\`${lastLine(all)}\``,
  ].join('\n\n')}\n`;
