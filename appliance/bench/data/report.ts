import { asMarkdown, asText, type Table } from '../failover/table.ts';
import { jobs, type Job, type Measured } from './jobs.ts';

export const stageNames = ['keelson', 'mirror alone', 'bare disk'] as const;
export type StageName = (typeof stageNames)[number];

/** Every measure of a stage, round by round. */
export interface Stage {
  readonly name: StageName;
  /** By the job's name. */
  readonly rounds: Readonly<Record<string, readonly Measured[]>>;
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;

/** The median of the rounds. */
export function medianOf(stages: readonly Stage[], name: StageName, job: Job): Measured {
  const all = stages.filter((stage) => stage.name === name).flatMap(({ rounds }) => rounds[job.name] ?? []);
  return {
    rate: middle(all.map(({ rate }) => rate)),
    slowest: middle(all.map(({ slowest }) => slowest)),
  };
}

/** How far the rounds of one stage lie apart: the largest rate divided by the smallest. */
export function spreadOf(stages: readonly Stage[], name: StageName, job: Job): number {
  const rates = stages
    .filter((stage) => stage.name === name)
    .flatMap(({ rounds }) => (rounds[job.name] ?? []).map(({ rate }) => rate));
  return Math.max(...rates) / Math.min(...rates);
}

const number = (value: number): string => (Number.isNaN(value) ? '-' : value.toPrecision(3));
const ratio = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(2));

function tableOf(stages: readonly Stage[]): Table {
  return {
    title: 'Requests a second, and milliseconds of the 99th percentile',
    header: ['', ...stageNames, 'keelson / mirror', 'mirror / bare', 'wander'],
    rows: jobs.map((job) => {
      const [ours, mirror, bare] = [
        medianOf(stages, 'keelson', job),
        medianOf(stages, 'mirror alone', job),
        medianOf(stages, 'bare disk', job),
      ];
      return [
        job.name,
        ...[ours, mirror, bare].map(({ rate, slowest }) => `${number(rate)} (${number(slowest)} ms)`),
        ratio(ours.rate / mirror.rate),
        ratio(mirror.rate / bare.rate),
        ratio(spreadOf(stages, 'keelson', job)),
      ];
    }),
  };
}

/** What the run has measured, in one line: the worst and the middle of what Keelson leaves of the mirror's rate. */
export function lastLine(stages: readonly Stage[]): string {
  const left = jobs.map(
    (job) => medianOf(stages, 'keelson', job).rate / medianOf(stages, 'mirror alone', job).rate,
  );
  const mirror = jobs.map(
    (job) => medianOf(stages, 'mirror alone', job).rate / medianOf(stages, 'bare disk', job).rate,
  );
  return `data: with Keelson ${ratio(middle(left))} x the rate of the same mirror and target alone (least ${ratio(Math.min(...left))} x), which has ${ratio(middle(mirror))} x that of the bare disk`;
}

const explanation = [
  'One LUN on the host’s two paths. keelson: as Keelson serves it. mirror alone: the same target, volume and DRBD, taken up by hand, and nobody who watches. bare disk: the same target and volume on the disk itself.',
  'Medians of the rounds. wander: the largest rate divided by the smallest of the rounds with Keelson, one half of which ran before and one after those of the mirror alone; a ratio nearer to 1 than that says nothing.',
  'All in the same emulated machines: compare, and take no number for itself.',
];

export const textReport = (stages: readonly Stage[]): string =>
  `${[asText(tableOf(stages)), explanation.join('\n'), lastLine(stages)].join('\n\n')}\n`;

/** For the docs; `command` is what made it. */
export const markdownReport = (stages: readonly Stage[], command: string): string =>
  `${[
    '# What Keelson costs the data, measured',
    `Made by \`${command}\`; changes made here are lost.`,
    ...explanation,
    asMarkdown(tableOf(stages)),
    `\`${lastLine(stages)}\``,
  ].join('\n\n')}\n`;
