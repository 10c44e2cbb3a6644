import type { Question } from './interview/question.ts';

export type Reply = { readonly kind: 'reply'; readonly value: string } | { readonly kind: 'back' };

/** Who a set-up talks to. */
export interface Front {
  /** A reply that fits, or the wish to go back. `number`: of this question, from 1. */
  readonly ask: (question: Question, number: number) => Promise<Reply>;
  /** What is to become of the plan that was just shown. */
  readonly confirm: () => Promise<'go' | 'back' | 'leave'>;
  readonly tell: (text: string) => void;
}
