import type { FailureCode } from '../../model/index.ts';
import type { Answers } from '../answers.ts';
import type { Known, Question, Topic } from './question.ts';
import { disks } from './topics/disks.ts';
import { fencing } from './topics/fencing.ts';
import { host } from './topics/host.ts';
import { lun } from './topics/lun.ts';
import { name } from './topics/name.ts';
import { networks } from './topics/networks.ts';
import { portals } from './topics/portals.ts';
import { witness } from './topics/witness.ts';

/** In the order in which they are asked about: each may build upon those before it. */
const topics: readonly Topic[] = [name, networks, disks, portals, fencing, witness, host, lun];

export type Turn =
  /** Something has to be mended before any answer helps. */
  | { readonly kind: 'obstacle'; readonly why: string }
  | { readonly kind: 'question'; readonly question: Question; readonly number: number }
  | { readonly kind: 'done'; readonly answers: Answers };

const hasReply = ({ replies }: Known, { id, check }: Question): boolean => {
  const reply = replies[id];
  return reply !== undefined && check(reply) === undefined;
};

/** What comes next, out of what is known so far. A reply that does not fit any more is asked for again. */
export function nextTurn(known: Known): Turn {
  let answers = known.given;
  let number = 1;
  for (const topic of topics) {
    const why = topic.obstacle?.(known);
    if (why !== undefined) return { kind: 'obstacle', why };
    for (const question of topic.questions(known)) {
      if (!hasReply(known, question)) return { kind: 'question', question, number };
      number += 1;
    }
    answers = { ...answers, ...topic.answer(known) };
  }
  return { kind: 'done', answers };
}

/** Those that have a reply and are still asked, in their order: the way back. */
export const answered = (known: Known): readonly Question[] => {
  const all = topics.flatMap((topic) => topic.questions(known));
  return all.filter((question) => hasReply(known, question));
};

/** Without the replies that may be to blame for such a failure: they are asked for again. */
export function withoutDoubted(known: Known, code: FailureCode): Known {
  const doubted = answered(known).filter(({ doubtedBy }) => doubtedBy?.includes(code));
  const ids = doubted.map(({ id }) => id);
  return {
    ...known,
    replies: Object.fromEntries(Object.entries(known.replies).filter(([id]) => !ids.includes(id))),
  };
}

/** Takes what is proposed for everything that nobody was told; `missing`: what nobody can guess. */
export function takeProposals(known: Known): {
  readonly known: Known;
  readonly missing: readonly Question[];
} {
  let now = known;
  for (;;) {
    const turn = nextTurn(now);
    if (turn.kind !== 'question') return { known: now, missing: [] };
    const { question } = turn;
    const { id, proposal } = question;
    if (proposal === undefined || question.check(proposal) !== undefined || now.replies[id] === proposal)
      return { known: now, missing: [question] };
    now = { ...now, replies: { ...now.replies, [id]: proposal } };
  }
}
