import { addressSchema } from '../../../api/schemas/addresses.ts';
import { problemWith } from '../fits.ts';
import type { Known, Question, Topic } from '../question.ts';

const address: Question = {
  id: 'witness',
  text: 'Address of a witness, or `none`',
  why: 'A third machine decides who goes on after a split; without one, the node that fences first does. It can be added later.',
  kind: 'text',
  proposal: 'none',
  check: (reply) => (reply === 'none' ? undefined : problemWith(addressSchema, reply)),
};

const secret: Question = {
  id: 'witness-secret',
  text: 'The witness secret',
  why: 'Run `keelson-witness setup` on the witness and leave it running: it prints it. It certifies both to each other.',
  kind: 'secret',
  check: (reply) => (reply === '' ? 'it must not be empty' : undefined),
};

const isThere = ({ replies }: Known): boolean => (replies['witness'] ?? 'none') !== 'none';

export const witness: Topic = {
  questions: (known) => {
    if (known.given.witness !== undefined) return [];
    return isThere(known) ? [address, secret] : [address];
  },
  answer: (known) => {
    const { given, replies } = known;
    if (given.witness !== undefined) return { witness: given.witness };
    if (!isThere(known)) return { witness: 'none' };
    return {
      witness: { address: replies['witness'] ?? '', tls: 'required', secret: replies['witness-secret'] },
    };
  },
};
