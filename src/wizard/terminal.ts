import input from '@inquirer/input';
import password from '@inquirer/password';
import select from '@inquirer/select';
import type { Front } from './front.ts';
import type { Question } from './interview/question.ts';

/** What a person types, or chooses, to see the question before this one again. */
export const BACK = '<';

/** The person at the terminal. Ctrl-C ends the prompt with inquirer's ExitPromptError. */
export function createTerminal(tell: (text: string) => void): Front {
  return {
    tell,
    ask: async (question, number) => {
      tell(`\n${question.why}${number > 1 ? ` (${BACK} goes back)` : ''}`);
      const value = await valueOf(question, `${number}. ${question.text}`);
      return value === BACK ? { kind: 'back' } : { kind: 'reply', value };
    },
    confirm: () =>
      select({
        message: 'Nothing was changed so far. Shall it be done so?',
        choices: [
          { value: 'go' as const, name: 'Yes: do all of it' },
          { value: 'back' as const, name: 'Go back to the last question' },
          { value: 'leave' as const, name: 'Leave; the answers are kept for the next `keelson setup`' },
        ],
        default: 'leave',
      }),
  };
}

async function valueOf(question: Question, message: string): Promise<string> {
  const { kind, proposal, choices = [], check } = question;
  const validate = (value: string): true | string => (value === BACK ? true : (check(value.trim()) ?? true));
  switch (kind) {
    case 'choice':
      return select({
        message,
        choices: [
          ...choices.map(({ value, label }) => ({ value, name: label })),
          { value: BACK, name: 'Go back' },
        ],
        ...(proposal === undefined ? {} : { default: proposal }),
      });
    case 'secret':
      return password({ message, mask: '*', validate });
    case 'text':
      return (
        await input({ message, ...(proposal === undefined ? {} : { default: proposal }), validate })
      ).trim();
  }
}
