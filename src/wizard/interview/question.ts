import type { FailureCode, MachineView, SetupView } from '../../model/index.ts';
import type { Answers } from '../answers.ts';

/** One thing that only a person knows. */
export interface Question {
  readonly id: string;
  readonly text: string;
  /** What it is for, in a sentence. */
  readonly why: string;
  readonly kind: 'text' | 'secret' | 'choice';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** What is taken where nothing is said; absent: nobody can guess it. */
  readonly proposal?: string;
  /** The failures of a set-up for which the reply to this may be to blame. */
  readonly doubtedBy?: readonly FailureCode[];
  /** What is wrong with a reply, in words; undefined: it fits. */
  readonly check: (reply: string) => string | undefined;
}

/** What is known while questions are asked. */
export interface Known {
  readonly machine: MachineView;
  readonly other: MachineView;
  /** Where the other node was found. */
  readonly otherAddress: string;
  /** From a file, or from before. */
  readonly given: Answers;
  /** By the id of the question. */
  readonly replies: Readonly<Record<string, string>>;
  /** `2026-11`, for the name of the target (RFC 3720, section 3.2.6.3.1). */
  readonly month: string;
}

/** Questions that belong together, and what their replies say. */
export interface Topic {
  /** In their order, as far as the replies so far lead; none where everything is known. */
  readonly questions: (known: Known) => readonly Question[];
  /** Asked for when all of its questions have replies. */
  readonly answer: (known: Known) => Partial<Answers>;
  /** Why no answer would help: something has to be mended first. */
  readonly obstacle?: (known: Known) => string | undefined;
}

export const nodesOf = ({ machine, other }: Known): readonly [MachineView, MachineView] => [machine, other];

export const choiceCheck =
  (choices: readonly { readonly value: string }[]) =>
  (reply: string): string | undefined =>
    choices.some(({ value }) => value === reply)
      ? undefined
      : `it must be one of ${choices.map(({ value }) => value).join(', ')}`;

/** Words separated by commas, blanks, or both. */
export const wordsOf = (reply: string): readonly string[] =>
  reply.split(/[\s,]+/).filter((word) => word !== '');

export type WithOther = SetupView & { readonly other: MachineView };
