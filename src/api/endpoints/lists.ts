import { z } from 'zod';
import { failed, failure, success, type Page, type Result } from '../../model/index.ts';
import { check } from '../check.ts';
import { json, type Answer, type Call, type Parameter } from '../endpoint.ts';
import { limitSchema, nameSchema, snapshotNameSchema } from '../schemas/index.ts';
import { optionalNumberOf } from './numbers.ts';
import { base } from './operation.ts';

/** A list with filters and pages. */
export interface List<Filters> {
  /** Below /api/v1, such as `/luns`. */
  readonly path: string;
  readonly filters: z.ZodType<Filters>;
}

type Shaped = z.ZodObject<Record<string, z.ZodType>>;

/** The parameters of the address of a list. */
export const listParameters = (filters: Shaped): readonly Parameter[] => [
  ...Object.entries(filters.shape).map(([name, schema]): Parameter => {
    const { description = '', ...shape } = z.toJSONSchema(schema, { io: 'input' });
    return { name, in: 'query', description, schema: shape };
  }),
  {
    name: 'limit',
    in: 'query',
    description:
      'So many at most; all by default. Where more come, `Link` names the address of the next page',
    schema: z.toJSONSchema(limitSchema, { io: 'input' }),
  },
  {
    name: 'cursor',
    in: 'query',
    description:
      'Out of the link of the page before. What comes or goes meanwhile moves nothing: all that is there the whole time is seen once',
    schema: { type: 'string' },
  },
];

type Asked<Filters> = Filters & { readonly after?: string | undefined; readonly limit?: number | undefined };

/** What the address asks for, filters that nobody knows refused: a mistyped one would show everything. */
export function askedOf<Filters>(list: List<Filters>, { query }: Call): Result<Asked<Filters>> {
  const { limit, cursor, ...filters } = query;
  const checked = check(list.filters, withFlags(filters));
  if (!checked.ok) return checked;
  const most = optionalNumberOf(limitSchema, limit, 'limit');
  if (!most.ok) return most;
  const after = cursor === undefined ? success(undefined) : placeOf(list, cursor);
  return after.ok ? success({ ...checked.value, after: after.value, limit: most.value }) : after;
}

const withFlags = (query: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      name === 'loggedIn' && (value === 'true' || value === 'false') ? value === 'true' : value,
    ]),
  );

/** The page, and the address of the next one. */
export function pageAnswer<Item>(
  list: List<unknown>,
  { query }: Call,
  reply: Result<Page<Item>>,
): Result<Answer> {
  if (!reply.ok) return reply;
  const { items, next } = reply.value;
  if (next === undefined) return json(items);
  const parameters = new URLSearchParams({
    ...(query as Record<string, string>),
    cursor: cursorAt(list, next),
  });
  return json(items, 200, { link: `<${base}${list.path}?${parameters.toString()}>; rel="next"` });
}

const cursorAt = ({ path }: List<unknown>, name: string): string =>
  Buffer.from(JSON.stringify([path, name])).toString('base64url');

function placeOf({ path }: List<unknown>, cursor: unknown): Result<string> {
  const unknown = failed(failure('cursor_invalid', `cursor: is none of ${path}`));
  if (typeof cursor !== 'string') return unknown;
  try {
    const [list, name] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const after = nameSchema.or(snapshotNameSchema).safeParse(name);
    return list === path && after.success ? success(after.data) : unknown;
  } catch {
    return unknown;
  }
}
