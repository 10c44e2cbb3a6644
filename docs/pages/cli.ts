import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { createProgram as createWitnessProgram } from '../../src/witness/program.ts';
import { generated, markdownTable } from './markdown.ts';

const optionTable = (command: Command): string =>
  markdownTable(
    ['Option', 'Meaning'],
    command.options.map(({ flags, description, defaultValue }) => [
      `\`${flags}\``,
      typeof defaultValue === 'string' ? `${description} (default: \`${defaultValue}\`)` : description,
    ]),
  );

function sections(command: Command, path: readonly string[]): string[] {
  if (command.commands.length > 0)
    return command.commands.flatMap((child) => sections(child, [...path, child.name()]));
  const parameters = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const options = command.options.length === 0 ? [] : [optionTable(command)];
  return [
    [`## ${[...path, ...parameters].join(' ')}`, sentence(command.description()), ...options].join('\n\n'),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export function cliPage(): string {
  const program = createProgram();
  const witness = createWitnessProgram(() => undefined);
  return `${generated}

# Command line

\`keelson\` is a client of the API; \`simulate\`, \`explain\` and \`convert\` read files too, without asking
anybody, and change nothing (see [simulate.md](simulate.md)); \`report\` collects from its own node as well. Answers go to standard output, progress and errors to
standard error; \`--json\` prints what the API answers.

${optionTable(program)}

The certificate named by \`--ca\` is pinned: the API must show this very certificate, or one that it signed for the
address asked.

## Exit codes

${markdownTable(
  ['Code', 'Meaning'],
  [
    ['0', 'done'],
    ['1', 'failed; standard error has title, detail, next step and [code](errors.md)'],
    ['2', 'the command cannot be understood; nothing was asked'],
    ['3', 'the API or the engine behind it cannot be reached; whether something was done is not known'],
    ['4', '`keelson doctor`: something is not as it should be, and nothing forbids a set-up or a failover'],
    [
      '5',
      '`keelson doctor`: something forbids a set-up or a failover, or the loss of a node would not be survived',
    ],
    [
      '130',
      '`keelson setup`: Ctrl-C; it goes on where it stood when it is run again. `keelson report`: Ctrl-C; nothing was written',
    ],
  ],
)}

${sections(program, ['keelson']).join('\n\n')}

# On the witness

\`keelson-witness\` is a program of its own, in the package of that name for a third machine. Standard output has the
answer (for \`setup\` the witness secret), standard error progress and errors in the form above; code 130 says that
Ctrl-C ended it.

${sections(witness, ['keelson-witness']).join('\n\n')}
`;
}
