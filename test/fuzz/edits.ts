import type { Edit, Statement } from './cluster.ts';

/** The statements after a change of the definition. */
export function edited(statements: readonly Statement[], edit: Edit): readonly Statement[] {
  switch (edit.kind) {
    case 'gets':
      // In front: of two values for one name the first counts.
      return statements.map((statement) =>
        statement.head === edit.head
          ? { ...statement, options: [edit.option, ...statement.options] }
          : statement,
      );
    case 'loses':
      return statements.map((statement) =>
        statement.head === edit.head
          ? { ...statement, options: statement.options.filter((option) => option !== edit.option) }
          : statement,
      );
    case 'gone':
      return withoutResource(statements, edit.resource);
  }
}

/** A group does without it; a clone of it, an emptied group and every constraint that names it go with it. */
function withoutResource(statements: readonly Statement[], resource: string): readonly Statement[] {
  const kept: Statement[] = [];
  const emptied: string[] = [];
  for (const statement of statements) {
    const [keyword = '', id = '', ...words] = statement.head.split(' ');
    const names = words.flatMap((word) => word.split(/[:,()[\]]/));
    if (id === resource || !names.includes(resource)) {
      if (id !== resource) kept.push(statement);
      continue;
    }
    if (keyword === 'group' || keyword === 'tag') {
      const rest = words.filter((word) => word !== resource);
      if (rest.length > 0) kept.push({ ...statement, head: [keyword, id, ...rest].join(' ') });
      else emptied.push(id);
    } else if (keyword === 'clone') emptied.push(id);
  }
  return emptied.reduce(withoutResource, kept);
}
