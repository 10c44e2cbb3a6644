import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  failed,
  failure,
  failures,
  milliseconds,
  success,
  type Failure,
  type Result,
} from '../../model/index.ts';
import type { Clock, Random } from '../../ports/index.ts';
import { ensureCertificate } from '../formation/certificate.ts';
import { encodeWitnessSecret, isSameSecret } from '../formation/join-secret.ts';
import { PATHS } from './ask-witness.ts';
import type { Authority } from './authority.ts';

export interface SetUpOptions {
  /** Absent: all of this machine's. */
  readonly address?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  /** For the certificate: host names and addresses of this machine. */
  readonly names: readonly [string, ...string[]];
  readonly authority: Authority;
  readonly random: Random;
  readonly clock: Pick<Clock, 'after'>;
  /** Told of who asked, and what became of it. */
  readonly tell: (line: string) => void;
}

export interface SetUpService {
  /** For the first node of a cluster: good for one cluster, and for as long as this service is there. */
  readonly secret: string;
  readonly port: number;
  /** The cluster whose request was signed, as soon as it has got the answer; or `witness_secret_expired`. */
  readonly ended: Promise<Result<{ readonly cluster: string }>>;
  close(): Promise<void>;
}

/** A set-up takes minutes; a day is for people who are called away. */
const VALID = milliseconds(24 * 3600 * 1000);
/** Nobody who was given the secret sends a wrong one: the certificate would not fit either. */
const WRONG_SECRETS = 10;
const BODY_LIMIT = 64 * 1024;
/** Milliseconds for a question to arrive. */
const PATIENCE = 30_000;
/** As src/api names clusters: it becomes the name of a file. */
const CLUSTER = /^[a-z][a-z0-9-]{0,31}$/;

interface Question {
  readonly secret: string;
  readonly cluster: string;
  readonly request: Buffer | undefined;
}

/** Listens with a certificate of its own for this one time, whose key is on no disk when this resolves. */
export async function serveSetUp(options: SetUpOptions): Promise<Result<SetUpService>> {
  const { authority, random, clock, tell } = options;
  const pair = await makePair(options.names);
  if (!pair.ok) return pair;
  const { key, cert, fingerprint } = pair.value;
  const secret = random.hex(16);
  const { promise: ended, resolve: end } = Promise.withResolvers<Result<{ readonly cluster: string }>>();
  let wrong = 0;
  let isOver = false;
  let signedFor: string | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: Corosync's tool and its files know of no others. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  function accept(question: Question, from: string): Result<void> {
    if (isOver) return failed(failure('witness_secret_expired', 'this set-up is over'));
    if (!isSameSecret(secret, question.secret)) {
      wrong += 1;
      tell(`${from} came with a wrong secret (${wrong} of ${WRONG_SECRETS})`);
      if (wrong >= WRONG_SECRETS) {
        isOver = true;
        const reason = `${WRONG_SECRETS} wrong ones were tried, the last by ${from}`;
        end(failed(failure('witness_secret_expired', reason)));
      }
      return failed(failure('witness_secret_wrong', 'the secret is another one'));
    }
    if (signedFor !== undefined && signedFor !== question.cluster)
      return failed(failure('witness_secret_expired', 'the secret was used for another cluster'));
    return success(undefined);
  }

  async function answerTo(path: string, question: Question, from: string): Promise<Result<object>> {
    const accepted = accept(question, from);
    if (!accepted.ok) return accepted;
    const { cluster, request } = question;
    switch (path) {
      case PATHS.authority: {
        const examined = await authority.examine(cluster, request);
        tell(`${from} asks for the cluster ${cluster}${examined.ok ? '' : `: ${examined.failure.message}`}`);
        return examined.ok ? success({ authority: authority.certificate }) : examined;
      }
      case PATHS.certificate: {
        if (request === undefined)
          return failed(failure('body_invalid', 'the certificate request is missing'));
        const signed = await authority.sign(cluster, request);
        if (!signed.ok) {
          tell(`the request of ${cluster} from ${from} is not signed: ${signed.failure.message}`);
          return signed;
        }
        signedFor = cluster;
        return success({ certificate: signed.value });
      }
      default:
        return failed(failure('route_not_found', `there is no ${path}`));
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'somebody';
    const path = request.url ?? '';
    const question = request.method === 'POST' ? await readQuestion(request) : undefined;
    const answer =
      question === undefined
        ? failed(failure('body_invalid', 'this is the set-up of a witness, asked by keelsond alone'))
        : await inTurn(() => answerTo(path, question, from));
    response.once('close', () => {
      if (!answer.ok || path !== PATHS.certificate || question === undefined) return;
      // Whoever was not given it asks again, and is given the same.
      if (response.writableFinished) end(success({ cluster: question.cluster }));
      else tell(`${from} went away before it had the certificate of ${question.cluster}; it may ask again`);
    });
    send(response, answer);
  }

  const server = createServer({ key, cert, minVersion: 'TLSv1.2' }, (request, response) => {
    handle(request, response).catch((problem: unknown) => {
      response.destroy();
      tell(
        `a question could not be answered: ${problem instanceof Error ? problem.message : String(problem)}`,
      );
    });
  });
  server.maxConnections = 16;
  server.requestTimeout = PATIENCE;
  server.headersTimeout = PATIENCE;
  // What is no TLS, or breaks off, is no business of ours.
  server.on('tlsClientError', () => undefined);
  const listening = await listen(server, options);
  if (!listening.ok) return listening;
  const port = listening.value;
  const timer = clock.after(VALID, () => {
    isOver = true;
    end(failed(failure('witness_secret_expired', 'nobody came with it within 24 hours')));
  });

  return success({
    secret: encodeWitnessSecret({ fingerprint, secret, port }),
    port,
    ended,
    async close() {
      isOver = true;
      timer.cancel();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await last;
    },
  });
}

async function makePair(
  names: readonly [string, ...string[]],
): Promise<Result<{ readonly key: Buffer; readonly cert: Buffer; readonly fingerprint: string }>> {
  const workshop = await mkdtemp(join(tmpdir(), 'keelson-witness-'));
  try {
    const made = await ensureCertificate(workshop, names, { group: 0 });
    if (!made.ok) return made;
    const [key, cert] = [
      await readFile(join(workshop, 'api.key')),
      await readFile(join(workshop, 'api.crt')),
    ];
    return success({ key, cert, fingerprint: made.value });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function listen(server: Server, { address, port }: SetUpOptions): Promise<Result<number>> {
  return new Promise((resolve) => {
    const fail = ({ message }: Error): void => resolve(failed(failure('witness_setup_busy', message)));
    server.once('error', fail);
    server.listen({ port, ...(address === undefined ? {} : { host: address }) }, () => {
      server.off('error', fail);
      resolve(success((server.address() as AddressInfo).port));
    });
  });
}

/** Undefined where it is too long, or not what keelsond sends. */
async function readQuestion(request: IncomingMessage): Promise<Question | undefined> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > BODY_LIMIT) return undefined;
    }
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const { secret, cluster, request: asked } = value ?? {};
    if (typeof secret !== 'string' || typeof cluster !== 'string' || !CLUSTER.test(cluster)) return undefined;
    if (asked !== undefined && typeof asked !== 'string') return undefined;
    return { secret, cluster, request: asked === undefined ? undefined : Buffer.from(asked, 'base64') };
  } catch {
    return undefined;
  }
}

/** A failure as the API tells it. */
function send(response: ServerResponse, answer: Result<object>): void {
  const problem = ({ code, message }: Failure): object => ({ code, detail: message });
  const status = answer.ok ? 200 : failures[answer.failure.code].status;
  const body = JSON.stringify(answer.ok ? answer.value : problem(answer.failure));
  response
    .writeHead(status, {
      'content-type': answer.ok ? 'application/json' : 'application/problem+json',
      connection: 'close',
    })
    .end(body);
}
