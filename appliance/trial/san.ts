import { request } from 'node:https';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventRecord, LunView, OperationView, StatusView } from '../../src/model/index.ts';
import { LabError } from '../lab/error.ts';
import type { Lab } from '../lab/lab.ts';
import { storageNodeNames, type StorageNodeName } from '../lab/topology.ts';

/** One answer of the REST API. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The SAN as a REST client on this machine sees it, through the lab's forwarded ports. */
export class San {
  readonly #lab: Lab;
  readonly #trust = new Map<StorageNodeName, { readonly certificate: string; readonly token: string }>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  url(node: StorageNodeName): string {
    return `https://127.0.0.1:${this.#lab.settings.apiPorts[node]}`;
  }

  /** The cluster's bearer token, as root finds it on a node. */
  async token(node: StorageNodeName = 'san-a'): Promise<string> {
    return (await this.#trusted(node)).token;
  }

  /** Certificate and token are read again: joining a cluster changes them. */
  forget(): void {
    this.#trust.clear();
  }

  async #trusted(node: StorageNodeName): Promise<{ readonly certificate: string; readonly token: string }> {
    const known = this.#trust.get(node);
    if (known !== undefined) return known;
    const [certificate, token] = [
      await this.#lab.node(node).demand(['cat', '/etc/keelson/api.crt']),
      await this.#lab.node(node).demand(['cat', '/etc/keelson/token']),
    ];
    const trusted = { certificate, token: token.trim() };
    this.#trust.set(node, trusted);
    return trusted;
  }

  async call(
    node: StorageNodeName,
    method: string,
    path: string,
    body?: unknown,
    options: {
      readonly token?: string | undefined;
      readonly raw?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Answer> {
    const trusted = await this.#trusted(node);
    const token = 'token' in options ? options.token : trusted.token;
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.url(node)}/api/v1${path}`,
        {
          method,
          ca: trusted.certificate,
          servername: node,
          timeout: 60_000,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
            ...options.headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              body: text === '' ? undefined : (JSON.parse(text) as unknown),
            });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error('no answer within a minute')));
      call.on('error', reject);
      call.end(payload);
    });
  }

  /**
   * The status as this node tells it; without a node as the first tells it that knows what the cluster does, or else the
   * first that answers: one that is alone after its boot knows of nobody who serves.
   */
  async status(from?: StorageNodeName): Promise<StatusView> {
    let last: unknown;
    let alone: StatusView | undefined;
    for (const node of from === undefined ? storageNodeNames : [from]) {
      try {
        const answer = await this.call(node, 'GET', '/status');
        if (answer.status === 200) {
          const status = answer.body as StatusView;
          if (status.synchronised) return status;
          alone ??= status;
        }
        // Joining a cluster replaces the node's token.
        if (answer.status === 401) this.forget();
        last = new Error(`${node} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      } catch (error) {
        last = error;
      }
    }
    if (alone !== undefined) return alone;
    throw last;
  }

  /** Asks every second until it is so; the timeout (milliseconds) is an error that tells the last status. */
  async waitFor(
    what: string,
    timeout: number,
    isSo: (status: StatusView) => boolean,
    from?: StorageNodeName,
  ): Promise<StatusView> {
    const end = performance.now() + timeout;
    let last: StatusView | undefined;
    while (performance.now() < end) {
      last = await this.status(from).catch(() => undefined);
      if (last !== undefined && isSo(last)) return last;
      await wait(1000);
    }
    const seen =
      last === undefined
        ? 'no node answered'
        : JSON.stringify({ problems: last.problems, blocked: last.blocked });
    throw new LabError(
      'command-failed',
      `waited ${timeout / 1000} s for: ${what}; seen: ${seen}`,
      'See `keelson status` on the nodes.',
    );
  }

  async createLun(
    name: string,
    size: string,
    node: StorageNodeName = 'san-a',
    more: { readonly thin?: boolean } = {},
  ): Promise<LunView> {
    const answer = await this.call(node, 'POST', '/luns', { name, size, ...more });
    if (answer.status >= 300)
      throw new LabError('command-failed', `POST /luns: ${JSON.stringify(answer.body)}`, 'See the code.');
    const { operation } = answer.body as { readonly operation: OperationView };
    await this.#finished(node, operation.id);
    return (await this.call(node, 'GET', `/luns/${name}`)).body as LunView;
  }

  /** Also while the host is logged in: it uses other LUNs of the same target. */
  async deleteLun(name: string, node: StorageNodeName = 'san-a'): Promise<void> {
    const answer = await this.call(node, 'DELETE', `/luns/${name}?force=true`);
    if (answer.status === 204) return;
    if (answer.status >= 300)
      throw new LabError(
        'command-failed',
        `DELETE /luns/${name}: ${JSON.stringify(answer.body)}`,
        'See the code.',
      );
    const { operation } = answer.body as { readonly operation: OperationView };
    await this.#finished(node, operation.id);
  }

  async #finished(node: StorageNodeName, id: string): Promise<void> {
    for (;;) {
      const operation = (await this.call(node, 'GET', `/operations/${id}`)).body as OperationView;
      if (operation.state === 'succeeded') return;
      if (operation.state === 'failed')
        throw new LabError(
          'command-failed',
          `operation ${id}: ${operation.failure?.message ?? ''}`,
          'See `keelson status`.',
        );
      await wait(500);
    }
  }

  /**
   * The events of a node as they come, until the signal aborts; the time is this machine's clock at arrival. Resolves
   * when the node has begun to tell.
   */
  async follow(
    node: StorageNodeName,
    signal: AbortSignal,
    heard: (event: EventRecord, at: number) => void,
  ): Promise<void> {
    const trusted = await this.#trusted(node);
    const call = request(`${this.url(node)}/api/v1/events`, {
      ca: trusted.certificate,
      servername: node,
      signal,
      headers: { authorization: `Bearer ${trusted.token}`, accept: 'text/event-stream' },
    });
    call.end();
    await new Promise<void>((resolve, reject) => {
      call.on('error', reject);
      call.on('response', (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`${node} answered ${response.statusCode ?? 0} to GET /events`));
          return;
        }
        response.on('error', () => undefined);
        readEvents(response, heard);
        resolve();
      });
    });
  }
}

/** Server-sent events: blocks that end with an empty line; the data line of each is one event. */
function readEvents(stream: Readable, heard: (event: EventRecord, at: number) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data:'));
      if (data !== undefined) heard(JSON.parse(data.slice(5)) as EventRecord, Date.now());
    }
  });
}
