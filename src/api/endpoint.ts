import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { FailureCode, RequestTerms, Result } from '../model/index.ts';
import type { EngineGateway } from '../ports/index.ts';
import { check } from './check.ts';
import type { EventStreams } from './event-streams.ts';
import type { ApiLimits } from './limits.ts';
import type { OperationWait } from './operation-wait.ts';
import type { RateLimit } from './rate-limit.ts';
import { etagHeader } from './terms.ts';

/** What handlers work with. */
export interface Context {
  readonly gateway: EngineGateway;
  readonly limits: ApiLimits;
  readonly operations: OperationWait;
  readonly streams: EventStreams;
  readonly admissions: RateLimit;
  readonly examinations: RateLimit;
  readonly invitations: RateLimit;
}

/** One request, as far as handlers may know it. */
export interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** Out of the headers that the endpoint knows. */
  readonly terms: RequestTerms;
  /** The caller's address. */
  readonly remote: string;
  /** The caller has gone: nobody waits for the answer. */
  readonly gone: AbortSignal;
}

export type Answer =
  | {
      readonly kind: 'json';
      readonly status: 200 | 201 | 202;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'empty'; readonly status: 204 }
  | { readonly kind: 'stream'; readonly send: (response: ServerResponse) => Promise<void> };

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface Documented {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly headers?: readonly (keyof typeof answerHeaders)[];
}

/** What an answer may carry beside its body. */
export const answerHeaders = {
  ETag: 'Of the object as it is configured, for If-Match; who serves it is no part of it',
  Link: 'The next page (RFC 8288), `rel="next"`; absent: there is none',
} as const;

/** An address of the API: what it does and what the documentation says of it, in one place. */
export interface Endpoint {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, in OpenAPI's form: `/luns/{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly secured: 'token' | 'join-secret' | 'join-code' | 'cluster-key';
  readonly parameters: readonly Parameter[];
  readonly body: z.ZodType | undefined;
  readonly answers: Readonly<Record<number, Documented>>;
  /** Beyond those that every address may answer with. */
  readonly failures: readonly FailureCode[];
  readonly handle: (context: Context, call: Call) => Promise<Result<Answer>>;
}

/** Binds a body's schema and its handler together, so that no body reaches a handler unchecked. */
export const withBody = <Schema extends z.ZodType>(
  schema: Schema,
  handle: (context: Context, call: Call, body: z.output<Schema>) => Promise<Result<Answer>>,
): Pick<Endpoint, 'body' | 'handle'> => ({
  body: schema,
  handle: async (context, call) => {
    const body = check(schema, call.body);
    return body.ok ? handle(context, call, body.value) : body;
  },
});

export const json = (
  body: unknown,
  status: 200 | 201 | 202 = 200,
  headers: Readonly<Record<string, string>> = {},
): Result<Answer> => ({ ok: true, value: { kind: 'json', status, body, headers } });

export const empty: Result<Answer> = { ok: true, value: { kind: 'empty', status: 204 } };

/** The reply as it is, or its failure. */
export const answerWith = (reply: Result<unknown>): Result<Answer> => (reply.ok ? json(reply.value) : reply);

/** The same of one object, with its tag. */
export const answerTagged = (reply: Result<object>): Result<Answer> =>
  reply.ok ? json(reply.value, 200, etagHeader(reply.value)) : reply;
