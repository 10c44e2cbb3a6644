import { check } from '../check.ts';
import { afterGrow } from '../connect-info/after-grow.ts';
import { json, withBody, type Endpoint } from '../endpoint.ts';
import { LunGrow, LunGrown, nameSchema } from '../schemas/index.ts';
import { etagHeader, ifMatch } from '../terms.ts';
import { answerOperation, base } from './operation.ts';
import { inPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

export const growLun: Endpoint = {
  id: 'growLun',
  method: 'PATCH',
  path: '/luns/{name}',
  summary:
    'Make a LUN larger while it is served; safe to repeat. No session ends, and no other LUN is touched. Hosts see the new size when they are told to look (`afterGrow`)',
  secured: 'token',
  parameters: [inPath('name', 'Name of the LUN', nameSchema), ifMatch, ...waitParameters],
  answers: {
    200: { description: 'The LUN has this size', schema: LunGrown, headers: ['ETag'] },
    202: {
      description: 'The LUN is being extended; Location names the operation',
      schema: LunGrown,
      headers: ['ETag'],
    },
  },
  failures: [
    'name_invalid',
    'size_invalid',
    'lun_not_found',
    'lun_would_shrink',
    'lun_busy',
    'pool_full',
    'thin_overcommitted',
    'pool_not_ready',
    'volume_foreign',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  ...withBody(LunGrow, async (context, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('lun.grow', { ...body, name: name.value }, call.terms);
    if (!reply.ok) return reply;
    const { lun, operation: begun } = reply.value;
    const hints = { afterGrow: afterGrow([lun]) };
    const lunAt = { location: `${base}/luns/${lun.name}`, ...etagHeader(lun) };
    if (begun === undefined) return json({ lun, ...hints }, 200, lunAt);
    return answerOperation(context, call, begun, wait.value, {
      beside: { lun, ...hints },
      headers: lunAt,
      done: async (operation) => {
        const grown = await context.gateway.request('lun', { name: lun.name });
        if (!grown.ok) return grown;
        const headers = { ...lunAt, ...etagHeader(grown.value) };
        return json({ lun: grown.value, operation, ...hints }, 200, headers);
      },
    });
  }),
};
