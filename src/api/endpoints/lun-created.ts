import type { ReplyOf, Result } from '../../model/index.ts';
import { json, type Answer, type Call, type Context, type Endpoint } from '../endpoint.ts';
import { LunCreated } from '../schemas/index.ts';
import { etagHeader } from '../terms.ts';
import { answerOperation, base } from './operation.ts';

/** What is answered to whoever asks for a LUN, made anew or of another one. */
export const createdAnswers: Endpoint['answers'] = {
  200: {
    description: 'A LUN with these parameters was there already',
    schema: LunCreated,
    headers: ['ETag'],
  },
  201: { description: 'The LUN was made while the request waited', schema: LunCreated, headers: ['ETag'] },
  202: {
    description: 'The LUN is being made; Location names the operation',
    schema: LunCreated,
    headers: ['ETag'],
  },
};

/** `wait`: so many ms (see `waitFor`). */
export async function answerCreated(
  context: Context,
  call: Call,
  reply: ReplyOf<'lun.create'>,
  wait: number,
): Promise<Result<Answer>> {
  const { lun, operation: begun } = reply;
  const lunAt = { location: `${base}/luns/${lun.name}`, ...etagHeader(lun) };
  if (begun === undefined || begun.state === 'succeeded') return json(reply, 200, lunAt);
  return answerOperation(context, call, begun, wait, {
    beside: { lun },
    headers: lunAt,
    done: async (operation) => {
      const made = await context.gateway.request('lun', { name: lun.name });
      return made.ok ? json({ lun: made.value, operation }, 201, lunAt) : made;
    },
  });
}
