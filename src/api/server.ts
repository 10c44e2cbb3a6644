import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { failed, failure, success, type Failure, type RequestTerms, type Result } from '../model/index.ts';
import type { EngineGateway, Log } from '../ports/index.ts';
import type { Answer, Call, Context, Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints/index.ts';
import { EventStreams } from './event-streams.ts';
import { defaultLimits, type ApiLimits } from './limits.ts';
import { openApi } from './openapi.ts';
import { OperationWait } from './operation-wait.ts';
import { problemOf, problemType } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import { etagHeader, termsOf } from './terms.ts';
import { checkToken } from './token.ts';

export interface ApiOptions {
  readonly gateway: EngineGateway;
  /** PEM. A newer pair is handed to `api.server.setSecureContext`. */
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
  /** SHA-256 of the token in lower-case hex; asked for each request, since forming and joining a cluster change it. */
  readonly tokenHash: () => string | undefined;
  readonly log: Log;
  readonly version: string;
  readonly limits?: Partial<ApiLimits>;
}

export type Api = FastifyInstance<Server>;

const base = '/api/v1';
const openApiPath = `${base}/openapi.json`;
const withoutToken = new Set(
  endpoints.filter(({ secured }) => secured !== 'token').map(({ path }) => base + path),
);

/** The API over HTTPS. It decides nothing: it checks, asks the engine, and answers. The caller listens and closes. */
export function createApi(options: ApiOptions): Api {
  const { gateway, log } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const context: Context = {
    gateway,
    limits,
    operations: new OperationWait(gateway),
    streams: new EventStreams(gateway, limits, log),
    admissions: rateLimit(limits),
    examinations: rateLimit(limits),
    // A set-up greets, looks twice and has a node join, and more than once where something was wrong.
    invitations: rateLimit({ ...limits, admissionsPerCaller: 4 * limits.admissionsPerCaller }),
  };
  const api = Fastify({
    https: {
      cert: options.certificate,
      key: options.key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.tlsHandshake,
      connectionsCheckingInterval: 5000,
      headersTimeout: limits.request,
    },
    bodyLimit: limits.body,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    forceCloseConnections: true,
    logger: false,
    routerOptions: { maxParamLength: 256 },
    // What is no HTTP has no request to answer: the same shape, by hand.
    clientErrorHandler: refuseRaw,
    // The address was not even readable, so no route and no hook was found for it.
    frameworkErrors: (_problem, _request, reply) => {
      refuse(reply, failure('route_not_found', 'The address is not a valid URL'));
    },
  });
  api.server.maxConnections = limits.connections;

  acceptOnlyJson(api);
  api.addHook('onRequest', (request, reply, done) => {
    const checked = withoutToken.has(request.routeOptions.url ?? '')
      ? success(undefined)
      : checkToken(request.headers.authorization, options.tokenHash());
    if (!checked.ok)
      return refuse(reply.header('www-authenticate', 'Bearer realm="keelson"'), checked.failure);
    done();
  });
  api.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done(null, payload);
  });
  api.addHook('onResponse', (request, reply, done) => {
    if (request.method !== 'GET' || reply.statusCode >= 400)
      log.info(
        'api',
        `${request.ip} ${request.method} ${request.url.slice(0, 200)} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`,
      );
    done();
  });
  api.addHook('preClose', () => context.streams.closeAll());
  api.setErrorHandler((problem, request, reply) => refuse(reply, failureOf(problem, request, log)));
  api.setNotFoundHandler((request, reply) =>
    refuse(
      reply,
      failure('route_not_found', `No such address: ${request.method} ${request.url.slice(0, 200)}`),
    ),
  );

  for (const endpoint of endpoints) addEndpoint(api, context, endpoint);
  const document = openApi(endpoints, options.version);
  api.get(openApiPath, (_request, reply) => reply.send(document));
  return api;
}

/** Of those who come without a token. */
const rateLimit = (limits: ApiLimits): RateLimit =>
  new RateLimit({
    perCaller: limits.admissionsPerCaller,
    total: limits.admissions,
    window: limits.admissionWindow,
    now: () => performance.now(),
  });

function addEndpoint(api: Api, context: Context, endpoint: Endpoint): void {
  api.route({
    method: endpoint.method,
    url: base + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    // HEAD on a stream of events would never end.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const terms = termsOf(endpoint, request.headers);
      const result = terms.ok
        ? await endpoint.handle(context, callOf(request, terms.value, gone.signal))
        : terms;
      if (result.ok) await answer(reply, result.value);
      else refuse(reply, result.failure);
    },
  });
}

const callOf = (request: FastifyRequest, terms: RequestTerms, gone: AbortSignal): Call => ({
  parameters: request.params as Record<string, string>,
  query: request.query as Record<string, unknown>,
  headers: request.headers,
  body: request.body,
  terms,
  remote: request.ip,
  gone,
});

async function answer(reply: FastifyReply, given: Answer): Promise<void> {
  switch (given.kind) {
    case 'json':
      return void reply
        .code(given.status)
        .headers(given.headers ?? {})
        .send(given.body);
    case 'empty':
      return void reply.code(given.status).send();
    case 'stream':
      reply.hijack();
      return given.send(reply.raw);
  }
}

function refuse(reply: FastifyReply, given: Failure): void {
  const problem = problemOf(given);
  if (given.code === 'busy' || given.code === 'not_synchronised') reply.header('retry-after', '5');
  reply.headers(etagHeader(given)).code(problem.status).type(problemType).send(problem);
}

function refuseRaw(problem: NodeJS.ErrnoException, socket: Duplex): void {
  if (problem.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const given = problemOf(failure('request_malformed', 'The request is no HTTP/1.1, or came too slowly'));
  const body = JSON.stringify(given);
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

/** A body is JSON or nothing; the parser's own words may quote a secret out of the body, so they are not passed on. */
function acceptOnlyJson(api: Api): void {
  api.removeAllContentTypeParsers();
  const parse = api.getDefaultJsonParser('error', 'error');
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    parse(request, body.toString(), done),
  );
}

const codes: Readonly<Record<string, Result<never>>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: failed(failure('body_too_large', 'The body is larger than is allowed')),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: failed(
    failure('body_not_json', 'The Content-Type is not application/json'),
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: failed(failure('body_not_json', 'The body is empty')),
};

function failureOf(problem: unknown, request: FastifyRequest, log: Log): Failure {
  const {
    code = '',
    statusCode = 500,
    stack = String(problem),
  } = problem as Partial<Record<'code' | 'stack', string> & { statusCode: number }>;
  const known = codes[code];
  if (known !== undefined && !known.ok) return known.failure;
  if (statusCode === 400) return failure('body_not_json', 'The body could not be read as JSON');
  log.error('api', `${request.method} ${request.url.slice(0, 200)}: ${stack}`);
  return failure('internal', 'The request ended in an error; the log says more');
}
