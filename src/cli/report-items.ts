import type { StatusView } from '../model/index.ts';
import type { AnswerItem } from '../report/index.ts';
import { CliFailure, exitCodes } from './failures.ts';
import type { Client } from './client.ts';
import { renderStatus } from './render-status.ts';

/** GET, below /api/v1, each to a file of its own. */
const views = {
  nodes: '/nodes',
  fencings: '/fencings?limit=500',
  document: '/cluster/document',
  config: '/config',
  'config-history': '/config/history?limit=500',
  'config-lost': '/config/lost',
  sessions: '/sessions',
} as const;

const lists = ['pools', 'targets', 'luns', 'hosts'] as const;

/** What the API tells of the cluster. The client is made when it is needed: where it cannot be made, that is the reason. */
export function itemsOfApi(client: () => Promise<Client>): readonly AnswerItem[] {
  const get = async (path: string): Promise<unknown> =>
    (await (await client()).ask({ method: 'GET', path })).body;
  return [
    item('status.txt', 'GET /status', async () => renderStatus((await get('/status')) as StatusView)),
    item('status.json', 'GET /status', async () => json(await get('/status'))),
    ...Object.entries(views).map(([name, path]) =>
      item(`${name}.json`, `GET ${path}`, async () => json(await get(path))),
    ),
    ...lists.map((list) =>
      item(`${list}.json`, `GET /${list}`, async () => json(await (await client()).all(`/${list}`, {}))),
    ),
    item('events.jsonl', 'GET /events', async () => {
      const { rememberedEvents } = await import('./commands/events.ts');
      const events = await rememberedEvents(await client());
      return events.map((event) => `${JSON.stringify(event)}\n`).join('');
    }),
    item('doctor.json', 'POST /doctor', async () =>
      json((await (await client()).ask({ method: 'POST', path: '/doctor', body: {} })).body),
    ),
  ];
}

const item = (name: string, source: string, ask: () => Promise<string>): AnswerItem => ({
  kind: 'answer',
  name: `cluster/${name}`,
  source,
  ask: () => ask().catch(withReason),
});

function withReason(problem: unknown): never {
  if (!(problem instanceof CliFailure)) throw problem;
  throw Object.assign(new Error(`${problem.title}: ${problem.message}`), {
    unreachable: problem.exitCode === exitCodes.notReachable || problem.code === 'not_allowed',
  });
}

const json = (body: unknown): string => `${JSON.stringify(body, undefined, 2)}\n`;
