import {
  bytes,
  failed,
  failure,
  milliseconds,
  type EventRecord,
  type LunView,
  type OperationView,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type RequestTerms,
  type Result,
  type StatusView,
} from '../../../src/model/index.ts';
import type { EngineGateway } from '../../../src/ports/index.ts';

type Replies = {
  [Kind in RequestKind]?: (request: RequestOf<Kind>) => Result<ReplyOf<Kind>>;
};

/** Answers what the test tells it to and records what it was asked: the API decides nothing, so this is all it needs. */
export class FakeGateway implements EngineGateway {
  readonly asked: { kind: RequestKind; request: unknown }[] = [];
  /** Of the last request that came with any. */
  terms: RequestTerms | undefined;
  readonly subscriptions: (number | undefined)[] = [];
  replies: Replies = {};
  events_: EventRecord[] = [];
  openStreams = 0;
  #wake: (() => void)[] = [];

  request<Kind extends RequestKind>(
    kind: Kind,
    request: RequestOf<Kind>,
    terms?: RequestTerms,
  ): Promise<Result<ReplyOf<Kind>>> {
    this.asked.push({ kind, request });
    if (terms !== undefined) this.terms = terms;
    const reply = this.replies[kind];
    return Promise.resolve(
      reply === undefined ? failed(failure('internal', `the test has no reply to ${kind}`)) : reply(request),
    );
  }

  async *events(after: number | undefined, signal: AbortSignal): AsyncIterable<EventRecord> {
    this.subscriptions.push(after);
    this.openStreams += 1;
    let next = after === undefined ? this.events_.length : this.events_.findIndex((e) => e.sequence > after);
    if (next < 0) next = this.events_.length;
    try {
      while (!signal.aborted) {
        const event = this.events_[next];
        if (event !== undefined) {
          next += 1;
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
      }
    } finally {
      this.openStreams -= 1;
    }
  }

  happens(event: Partial<EventRecord>): void {
    this.events_.push({
      sequence: this.events_.length + 1,
      at: milliseconds(1_795_000_000_000),
      kind: 'config.changed',
      node: undefined,
      subject: undefined,
      message: 'something',
      ...event,
    });
    for (const wake of this.#wake.splice(0)) wake();
  }
}

export const lun = (given: Partial<LunView> = {}): LunView => ({
  name: 'web',
  etag: 'a1b2',
  pool: 'pool1',
  target: 'pool1',
  size: bytes(10 * 2 ** 30),
  hosts: ['client'],
  number: 1,
  serial: '0123456789abcdef0123456789abcdef',
  wwid: '360014050123456789abcdef012345678',
  iqn: 'iqn.2026-11.com.example:san',
  portals: ['10.77.3.100/24'],
  state: 'ready',
  servedBy: 'san-a',
  ...given,
});

export const operation = (given: Partial<OperationView> = {}): OperationView => ({
  id: 'op-1',
  kind: 'lun.create',
  subject: 'web',
  state: 'running',
  createdAt: milliseconds(1_795_000_000_000),
  finishedAt: undefined,
  failure: undefined,
  ...given,
});

export const status = (given: Partial<StatusView> = {}): StatusView => ({
  clusterName: 'san',
  node: 'san-a',
  synchronised: true,
  quorate: true,
  revision: 12,
  controller: 'san-a',
  serving: true,
  survivesFailure: true,
  problems: [],
  blocked: [],
  nodes: [
    {
      name: 'san-a',
      state: 'online',
      since: milliseconds(1_795_000_000_000),
      isController: true,
      fencing: undefined,
      fenceDevices: [],
      instances: [
        {
          resource: 'pool-pool1',
          node: 'san-a',
          state: 'promoted',
          facts: { disk: 'UpToDate' },
          failure: undefined,
        },
      ],
    },
    {
      name: 'san-b',
      state: 'lost',
      since: undefined,
      isController: false,
      fencing: {
        state: 'failing',
        reason: 'lost without a word',
        since: milliseconds(1_795_000_000_000),
        attempts: 3,
        by: 'san-a',
        failure: failure('fence_unreachable', 'no answer from 10.77.0.202'),
      },
      fenceDevices: [],
      instances: [],
    },
  ],
  pools: [{ name: 'pool1', state: 'ready', primary: 'san-a', disks: { 'san-a': 'UpToDate' } }],
  luns: [lun()],
  ...given,
});
