/** What can keep `keelson setup` from its work, beside what its steps themselves answer with. */
export const setupFailures = {
  join_code_wrong: {
    status: 403,
    title: 'The join code is not valid',
    next: 'Type the code that `keelson cluster join-code` prints on the other node; it is valid for 24 hours and for one set-up.',
  },
  setup_forbidden: {
    status: 409,
    title: 'Something forbids a set-up',
    next: 'Mend what the list names, then run `keelson setup` again: it goes on where it stood. See docs/doctor.md.',
  },
  setup_running: {
    status: 409,
    title: 'Another set-up is under way',
    next: 'Go on at the terminal where it runs, or end it there with Ctrl-C.',
  },
  answers_missing: {
    status: 400,
    title: 'The answers do not say everything',
    next: 'Put what the message names into the answers file, or give --ask to be asked for it; see docs/setup.md.',
  },
  answers_invalid: {
    status: 400,
    title: 'The answers do not fit',
    next: 'Correct what the message names; see docs/setup.md.',
  },
} as const;
