import type { Topic } from '../question.ts';
import { nameSchema } from '../../../api/schemas/index.ts';
import { problemWith } from '../fits.ts';

export const name: Topic = {
  questions: ({ given }) =>
    given.name === undefined
      ? [
          {
            id: 'name',
            text: 'Name of the SAN',
            why: 'It stands in the status and in the name of the target; it cannot be changed later.',
            kind: 'text',
            proposal: 'san',
            check: (reply) => problemWith(nameSchema, reply),
          },
        ]
      : [],
  answer: ({ given, replies }) => ({ name: given.name ?? replies['name'] }),
};
