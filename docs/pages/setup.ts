import { z } from 'zod';
import { Answers } from '../../src/wizard/index.ts';
import { generated, markdownTable } from './markdown.ts';

/** For editors and programs that check an answers file before it is used. */
export const answersSchema = (): string =>
  JSON.stringify(
    {
      title: 'Answers of `keelson setup`',
      ...z.toJSONSchema(Answers, { io: 'input', unrepresentable: 'any' }),
    },
    undefined,
    2,
  );

const kindOf = (schema: z.ZodType): string => {
  const {
    type,
    anyOf,
    enum: words,
    const: word,
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  if (typeof type === 'string') return word === undefined && words === undefined ? type : 'word';
  return anyOf === undefined ? 'any' : 'one of several';
};

export function setupPage(): string {
  const rows = Object.entries(Answers.shape).map(([name, schema]) => [
    `\`${name}\``,
    kindOf(schema),
    schema.description ?? '',
  ]);
  return `${generated}

# Answers of keelson setup

\`keelson setup --answers FILE\` makes a SAN without a question, out of a YAML or JSON file; the terminal asks for the
same. Everything may be left out: with \`--ask\` it is asked for, without it what is proposed is taken. What nobody can
guess (the join code, what fences the nodes) has to be there. \`--plan-only\` shows what would be done. The JSON schema
is [answers.schema.json](answers.schema.json), an example is [answers.example.yaml](answers.example.yaml).

${markdownTable(['Answer', 'Kind', 'Meaning'], rows)}

The file holds passwords: keep it readable for root only. Cards, addresses and bonds are not configured: the nodes need
a fixed address in each network before. An account for each administrator is not there yet either: whoever has the token in
/etc/keelson/token is one.
`;
}
