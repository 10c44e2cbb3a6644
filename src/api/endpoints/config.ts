import { z } from 'zod';
import { answerWith, withBody, type Endpoint, type Parameter } from '../endpoint.ts';
import {
  Config,
  ConfigDiff,
  ConfigHistory,
  Backup,
  ConfigLoad,
  ConfigLost,
  ConfigLostCleared,
  ConfigRestore,
  ConfigRestored,
  ConfigSave,
  limitSchema,
  revisionSchema,
} from '../schemas/index.ts';
import { numberOf, optionalNumberOf } from './numbers.ts';

const whole = (name: string, where: 'path' | 'query', description: string): Parameter => ({
  name,
  in: where,
  description,
  schema: { type: 'integer', minimum: 1 },
});

const show: Endpoint = {
  id: 'showConfig',
  method: 'GET',
  path: '/config',
  summary: 'The configuration as it is now; secrets are hidden',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The configuration', schema: Config } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('config', {})),
};

const showRevision: Endpoint = {
  id: 'showRevision',
  method: 'GET',
  path: '/config/revisions/{revision}',
  summary: 'The configuration as it was; secrets are hidden',
  secured: 'token',
  parameters: [whole('revision', 'path', 'The revision')],
  body: undefined,
  answers: { 200: { description: 'The configuration', schema: Config } },
  failures: ['revision_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const revision = numberOf(revisionSchema, call.parameters['revision'], 'revision');
    return revision.ok ? answerWith(await gateway.request('config', { revision: revision.value })) : revision;
  },
};

const history: Endpoint = {
  id: 'showConfigHistory',
  method: 'GET',
  path: '/config/history',
  summary: 'Who changed what of the configuration and when, newest first, as this node has it',
  secured: 'token',
  parameters: [whole('limit', 'query', 'How many changes (default: 50, at most 10000)')],
  body: undefined,
  answers: { 200: { description: 'The changes', schema: ConfigHistory } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }, call) => {
    const limit = optionalNumberOf(limitSchema, call.query['limit'], 'limit');
    return limit.ok ? answerWith(await gateway.request('config.history', { limit: limit.value })) : limit;
  },
};

const diff: Endpoint = {
  id: 'compareConfigs',
  method: 'GET',
  path: '/config/diff',
  summary: 'What differs between two revisions; secrets are hidden, operations are left out',
  secured: 'token',
  parameters: [
    whole('from', 'query', 'The revision to begin with'),
    whole('to', 'query', 'The revision to compare it with (default: the present one)'),
  ],
  body: undefined,
  answers: { 200: { description: 'The differences', schema: ConfigDiff } },
  failures: ['revision_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const from = numberOf(revisionSchema, call.query['from'], 'from');
    if (!from.ok) return from;
    const to = optionalNumberOf(revisionSchema, call.query['to'], 'to');
    if (!to.ok) return to;
    return answerWith(await gateway.request('config.diff', { from: from.value, to: to.value }));
  },
};

const restore: Endpoint = {
  id: 'restoreConfig',
  method: 'POST',
  path: '/config/restore',
  summary:
    'Bring back what a revision asked for; neither makes nor destroys data, and says what stays as it is',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'What came back, or would, and what did not', schema: ConfigRestored } },
  failures: ['revision_not_found', 'data_would_stop', 'cluster_missing', 'no_quorum'],
  ...withBody(ConfigRestore, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('config.restore', body)),
  ),
};

const save: Endpoint = {
  id: 'saveConfig',
  method: 'POST',
  path: '/config/save',
  summary: 'A backup of the configuration, with its secrets, sealed with a passphrase',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'The backup', schema: Backup } },
  failures: ['cluster_missing'],
  ...withBody(ConfigSave, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('config.save', body)),
  ),
};

const load: Endpoint = {
  id: 'loadConfig',
  method: 'POST',
  path: '/config/load',
  summary:
    'Bring back what a backup asked for; neither makes nor destroys data, and says what stays as it is',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'What came back, or would, and what did not', schema: ConfigRestored } },
  failures: [
    'backup_damaged',
    'backup_foreign',
    'backup_locked',
    'backup_newer',
    'data_would_stop',
    'cluster_missing',
    'no_quorum',
  ],
  ...withBody(ConfigLoad, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('config.load', body)),
  ),
};

const lost: Endpoint = {
  id: 'showLostConfig',
  method: 'GET',
  path: '/config/lost',
  summary: 'Changes that this node knew and lost to another node’s configuration, newest first',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'What was lost, each time', schema: z.array(ConfigLost) } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('config.lost', {})),
};

const clearLost: Endpoint = {
  id: 'clearLostConfig',
  method: 'DELETE',
  path: '/config/lost',
  summary: 'Forget what was lost, and end the notice of it',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'How many records were removed', schema: ConfigLostCleared } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('config.lost.clear', {})),
};

export const configEndpoints: readonly Endpoint[] = [
  show,
  showRevision,
  history,
  diff,
  restore,
  save,
  load,
  lost,
  clearLost,
];
