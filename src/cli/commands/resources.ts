import { failingOperations, onFailValues, type ResourcePolicy } from '../../model/policy.ts';
import type { ResourceView } from '../../model/index.ts';
import { durationOf } from '../duration.ts';
import { usage } from '../failures.ts';
import { printable, printJson, table } from '../output.ts';
import type { Session } from '../program.ts';
import { switchOf } from '../switch.ts';

export interface SetOptions {
  readonly managed?: string;
  readonly maintenance?: string;
  readonly targetRole?: string;
  readonly onFail?: readonly string[];
  readonly startDelay?: string;
  readonly migrationThreshold?: string;
  readonly failureTimeout?: string;
  readonly onDrift?: string;
}

export async function list(session: Session): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/resources' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const rows = (body as readonly ResourceView[]).map(row);
  session.output.print(table(['RESOURCE', 'ACTIVE', 'FAILED', 'ASKED'], rows));
}

function row({ id, instances, policy, unmanaged }: ResourceView): string[] {
  const active = instances.filter(({ state }) => state === 'running' || state === 'promoted');
  const failed = instances.filter(({ state, failure }) => state === 'failed' || failure !== undefined);
  const where = active.map(({ node, state }) => (state === 'promoted' ? `${node} (promoted)` : node));
  const asked = wordsOf(policy);
  const isLeftAlone = unmanaged === true && policy.managed !== false && policy.maintenance !== true;
  return [
    id,
    where.length === 0 ? '-' : where.join(', '),
    failed.length === 0 ? '-' : failed.map(({ node }) => node).join(', '),
    printable([...asked, ...(isLeftAlone ? ['left alone'] : [])].join(' ')),
  ];
}

/** As `keelson resource set` takes it. */
function wordsOf(policy: ResourcePolicy): readonly string[] {
  const {
    managed,
    maintenance,
    targetRole,
    onFail = {},
    startDelay,
    migrationThreshold,
    failureTimeout,
    onDrift,
  } = policy;
  return [
    ...(managed === false ? ['managed=off'] : []),
    ...(maintenance === true ? ['maintenance=on'] : []),
    ...(targetRole === undefined ? [] : [`target-role=${targetRole}`]),
    ...Object.entries(onFail).map(([operation, answer]) => `on-fail:${operation}=${answer}`),
    ...(startDelay === undefined ? [] : [`start-delay=${startDelay}ms`]),
    ...(migrationThreshold === undefined ? [] : [`migration-threshold=${migrationThreshold}`]),
    ...(failureTimeout === undefined ? [] : [`failure-timeout=${failureTimeout}ms`]),
    ...(onDrift === undefined ? [] : [`on-drift=${onDrift}`]),
  ];
}

export async function set(session: Session, name: string, options: SetOptions): Promise<void> {
  const { managed, maintenance, targetRole, startDelay, migrationThreshold, failureTimeout, onDrift } =
    options;
  if (targetRole !== undefined && targetRole !== 'started' && targetRole !== 'stopped')
    throw usage(`--target-role must be started or stopped, not ${targetRole}`);
  if (onDrift !== undefined && onDrift !== 'repair' && onDrift !== 'report')
    throw usage(`--on-drift must be repair or report, not ${onDrift}`);
  if (migrationThreshold !== undefined && !/^[1-9]\d{0,6}$/.test(migrationThreshold))
    throw usage(`--migration-threshold must be a whole number from 1, not ${migrationThreshold}`);
  await change(session, name, {
    ...(managed === undefined ? {} : { managed: switchOf(managed, '--managed') }),
    ...(maintenance === undefined ? {} : { maintenance: switchOf(maintenance, '--maintenance') }),
    ...(targetRole === undefined ? {} : { targetRole }),
    ...(options.onFail === undefined ? {} : { onFail: onFailOf(options.onFail) }),
    ...(startDelay === undefined ? {} : { startDelay: durationOf(startDelay, '--start-delay') }),
    ...(migrationThreshold === undefined ? {} : { migrationThreshold: Number(migrationThreshold) }),
    ...(failureTimeout === undefined
      ? {}
      : { failureTimeout: durationOf(failureTimeout, '--failure-timeout') }),
    ...(onDrift === undefined ? {} : { onDrift }),
  });
}

function onFailOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [operation = '', answer = '', ...rest] = word.split('=');
      const isKnown =
        rest.length === 0 &&
        failingOperations.some((known) => known === operation) &&
        onFailValues.some((known) => known === answer);
      if (!isKnown)
        throw usage(
          `--on-fail must be OPERATION=ANSWER, with one of ${failingOperations.join(', ')}, and one of ${onFailValues.join(', ')}; not ${word}`,
        );
      return [operation, answer];
    }),
  );
}

const defaults: Readonly<Record<string, object>> = {
  managed: { managed: true },
  maintenance: { maintenance: false },
  'target-role': { targetRole: 'started' },
  'on-fail': { onFail: Object.fromEntries(failingOperations.map((operation) => [operation, null])) },
  'start-delay': { startDelay: null },
  'migration-threshold': { migrationThreshold: null },
  'failure-timeout': { failureTimeout: null },
  'on-drift': { onDrift: 'repair' },
};

export async function unset(session: Session, name: string, what: readonly string[]): Promise<void> {
  const unknown = what.find((word) => !Object.hasOwn(defaults, word));
  if (unknown !== undefined)
    throw usage(
      `${unknown} is none of ${Object.keys(defaults).join(', ')}`,
      'See `keelson resource unset --help`.',
    );
  const words = what.length === 0 ? Object.keys(defaults) : what;
  await change(session, name, Object.assign({}, ...words.map((word) => defaults[word])) as object);
}

async function change(session: Session, name: string, policy: object): Promise<void> {
  if (Object.keys(policy).length === 0)
    throw usage('nothing is asked for', 'See `keelson resource set --help`.');
  const client = await session.client();
  const path = `/resources/${encodeURIComponent(name)}`;
  const { body } = await client.ask({ method: 'PATCH', path, body: policy });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const asked = wordsOf((body as ResourceView).policy);
  session.output.print(`${name}: ${asked.length === 0 ? 'the defaults' : asked.join(' ')}`);
}
