import { iqnSchema } from '../../../api/schemas/index.ts';
import { problemWith } from '../fits.ts';
import type { Topic } from '../question.ts';

/** `client` of `iqn.2026-11.com.example:client`; what a host calls itself is not always a name here. */
function nameOf(initiator: string): string {
  const own = /:([a-z][a-z0-9-]{0,31})$/.exec(initiator)?.[1];
  return own ?? 'host1';
}

export const host: Topic = {
  questions: ({ given }) =>
    given.host === undefined
      ? [
          {
            id: 'host',
            text: 'Initiator name (IQN) of the first host, or `none`',
            why: 'Only hosts that are known see a LUN; on Linux it stands in /etc/iscsi/initiatorname.iscsi. More, and CHAP, with `keelson host create`.',
            kind: 'text',
            proposal: 'none',
            check: (reply) => (reply === 'none' ? undefined : problemWith(iqnSchema, reply)),
          },
        ]
      : [],
  answer: ({ given, replies }) => {
    if (given.host !== undefined) return { host: given.host };
    const initiator = replies['host'] ?? 'none';
    return { host: initiator === 'none' ? 'none' : { name: nameOf(initiator), initiators: [initiator] } };
  },
};
