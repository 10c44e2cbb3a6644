import { z } from 'zod';
import { failures, type FailureCode } from '../model/index.ts';
import { answerHeaders, type Documented, type Endpoint } from './endpoint.ts';
import { problemType } from './problem.ts';
import { ProblemDetails } from './schemas/index.ts';
import { idempotencyKey, ifMatch } from './terms.ts';

/** What any address may answer with, whatever it does. */
const always: readonly FailureCode[] = ['internal', 'engine_unreachable', 'not_synchronised', 'busy'];
const withToken: readonly FailureCode[] = ['token_missing', 'token_wrong'];
const whereBody: readonly FailureCode[] = ['body_not_json', 'body_invalid', 'body_too_large'];

type Components = Record<string, object>;

interface Made {
  readonly properties: { readonly schema: object };
  readonly $defs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A schema of the document; those in it that have an `id` are written once, among its components. */
function schemaOf(schema: z.ZodType, components: Components): object {
  // What is converted itself is never a reference; what it holds is.
  const made = z.toJSONSchema(z.object({ schema }), { io: 'input', unrepresentable: 'throw' });
  const { properties, $defs = {} } = referring(made) as Made;
  for (const [id, named] of Object.entries($defs))
    components[id] = Object.fromEntries(Object.entries(named).filter(([key]) => key !== 'id'));
  return properties.schema;
}

const referring = (made: object): unknown =>
  JSON.parse(JSON.stringify(made), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value,
  );

/** All codes an address may fail with, without repetition. */
export const failuresOf = (endpoint: Endpoint): readonly FailureCode[] => [
  ...new Set([
    ...(endpoint.secured === 'token' ? withToken : []),
    ...(endpoint.body === undefined ? [] : whereBody),
    ...(endpoint.parameters.some(({ in: place }) => place === 'query') ? (['body_invalid'] as const) : []),
    ...(endpoint.parameters.includes(ifMatch) ? (['header_invalid', 'precondition_failed'] as const) : []),
    ...(endpoint.parameters.includes(idempotencyKey)
      ? (['header_invalid', 'key_reused', 'key_spent'] as const)
      : []),
    ...(endpoint.parameters.some(({ name }) => name === 'cursor') ? (['cursor_invalid'] as const) : []),
    ...endpoint.failures,
    ...always,
  ]),
];

const headersOf = (names: NonNullable<Documented['headers']>): object =>
  Object.fromEntries(
    names.map((name) => [name, { description: answerHeaders[name], schema: { type: 'string' } }]),
  );

function answersOf(endpoint: Endpoint, components: Components): Record<string, object> {
  const stream = endpoint.id === 'followEvents';
  const good = Object.entries(endpoint.answers).map(([status, { description, schema, headers }]) => [
    status,
    {
      description,
      ...(headers === undefined ? {} : { headers: headersOf(headers) }),
      ...(schema === undefined
        ? {}
        : {
            content: {
              [stream ? 'text/event-stream' : 'application/json']: { schema: schemaOf(schema, components) },
            },
          }),
    },
  ]);
  const byStatus = Map.groupBy(failuresOf(endpoint), (code) => failures[code].status);
  const bad = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${failures[code].title}`).join('; '),
      content: { [problemType]: { schema: schemaOf(ProblemDetails, components) } },
    },
  ]);
  return Object.fromEntries([...good, ...bad]) as Record<string, object>;
}

function operationOf(endpoint: Endpoint, components: Components): object {
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    security: endpoint.secured === 'token' ? [{ token: [] }] : [],
    ...(endpoint.parameters.length === 0
      ? {}
      : {
          parameters: endpoint.parameters.map((parameter) => ({
            ...parameter,
            required: parameter.in === 'path',
          })),
        }),
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: !endpoint.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(endpoint.body, components) } },
          },
        }),
    responses: answersOf(endpoint, components),
  };
}

/** The OpenAPI 3.1 document, made from the very schemas that requests are checked with. */
export function openApi(endpoints: readonly Endpoint[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Components = {};
  for (const endpoint of endpoints)
    (paths[`/api/v1${endpoint.path}`] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Keelson', version, summary: 'One highly available iSCSI SAN out of two Debian servers' },
    servers: [{ url: 'https://127.0.0.1:8443', description: 'Any node, on port 8443' }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Root finds the token in /etc/keelson/token on every node.',
        },
      },
      schemas,
    },
  };
}
