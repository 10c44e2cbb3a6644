import { check } from '../check.ts';
import { answerWith, type Endpoint, type Parameter } from '../endpoint.ts';
import { Sessions, nameSchema } from '../schemas/index.ts';

const named = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
});

const list: Endpoint = {
  id: 'listSessions',
  method: 'GET',
  path: '/sessions',
  summary: 'Who is connected now, from where and through which portal; the nodes look before it is answered',
  secured: 'token',
  parameters: [
    named('lun', 'Only those of the hosts that see this LUN, on its target'),
    named('host', 'Only those of this host'),
  ],
  body: undefined,
  answers: { 200: { description: 'The sessions', schema: Sessions } },
  failures: ['name_invalid', 'lun_not_found', 'host_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const { lun, host } = call.query;
    const checked = check(nameSchema.optional(), lun, ['lun']);
    if (!checked.ok) return checked;
    const other = check(nameSchema.optional(), host, ['host']);
    if (!other.ok) return other;
    return answerWith(await gateway.request('sessions', { lun: checked.value, host: other.value }));
  },
};

export const sessionEndpoints: readonly Endpoint[] = [list];
