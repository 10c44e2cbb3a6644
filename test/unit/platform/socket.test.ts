import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  failed,
  failure,
  milliseconds,
  seconds,
  success,
  type EventRecord,
  type Result,
} from '../../../src/model/index.ts';
import { createEngineGateway } from '../../../src/platform/socket/gateway.ts';
import type { Peer } from '../../../src/platform/socket/peer.ts';
import {
  createEngineSocket,
  type EngineSocket,
  type EngineSocketOptions,
} from '../../../src/platform/socket/server.ts';
import { recordingLog } from './fixtures/log.ts';

let folder: string;
let path: string;
const endings: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  path = join(folder, 'engine.sock');
});

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

async function listen(options: Partial<EngineSocketOptions> = {}): Promise<EngineSocket> {
  const created = await createEngineSocket({
    path,
    mode: 0o660,
    allow: () => true,
    handle: () => Promise.resolve(success(null)),
    subscribe: () => () => undefined,
    log: recordingLog(),
    ...options,
  });
  if (!created.ok) throw new Error(created.failure.message);
  endings.push(() => created.value.close());
  return created.value;
}

function gateway(timeout = seconds(2)): ReturnType<typeof createEngineGateway> {
  const made = createEngineGateway({ path, timeout });
  endings.push(() => made.close());
  return made;
}

/** Sends raw bytes and resolves with all that comes back until the engine closes. */
const say = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(path, () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });

const event = (sequence: number): EventRecord => ({
  sequence,
  at: milliseconds(0),
  kind: 'node.joined',
  node: 'anna',
  subject: undefined,
  message: 'anna joined',
});

describe('requests', () => {
  test('reach the handler and come back, side by side and out of order', async () => {
    let release: (result: Result<unknown>) => void = () => undefined;
    await listen({
      handle: (kind, request) =>
        kind === 'status' ? new Promise((resolve) => (release = resolve)) : Promise.resolve(success(request)),
    });
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const client = gateway();
    const slow = client.request('status', {});
    expect(await client.request('lun', { name: 'mail' })).toEqual({ ok: true, value: { name: 'mail' } });
    release(failed(failure('no_quorum', 'alone')));
    expect(await slow).toEqual({ ok: false, failure: { code: 'no_quorum', message: 'alone' } });
  });

  test('are answered with internal where the handler throws', async () => {
    const log = recordingLog();
    await listen({ handle: () => Promise.reject(new Error('a bug')), log });
    expect(await gateway().request('status', {})).toMatchObject({ failure: { code: 'internal' } });
    expect(log.lines[0]).toContain('a bug');
  });

  test('beyond 64 on one connection are refused as busy', async () => {
    const release: (() => void)[] = [];
    await listen({ handle: () => new Promise((resolve) => release.push(() => resolve(success(null)))) });
    const client = gateway();
    const answers = Array.from({ length: 65 }, () => client.request('status', {}));
    expect(await answers[64]).toMatchObject({ failure: { code: 'busy' } });
    release.forEach((each) => each());
    expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(64);
  });
});

describe('the caller', () => {
  test('is known by the kernel: user, group and process', async () => {
    const seen: Peer[] = [];
    await listen({
      handle: (_kind, _request, { uid, gid, pid }) => {
        seen.push({ uid, gid, pid });
        return Promise.resolve(success(null));
      },
    });
    await gateway().request('status', {});
    expect(seen).toEqual([{ uid: process.getuid?.(), gid: process.getgid?.(), pid: process.pid }]);
    const script = `
      const socket = require('node:net').connect(${JSON.stringify(path)});
      socket.write('{"id":1,"kind":"status","request":{}}\\n');
      socket.on('data', () => process.exit());`;
    const other = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => other.on('exit', resolve));
    expect(seen[1]?.pid).toBe(other.pid);
  });

  test('that is not allowed hears so, and the handler does not', async () => {
    const handle = vi.fn(() => Promise.resolve(success(null)));
    await listen({ handle, allow: ({ pid }) => pid !== process.pid });
    expect(await gateway().request('status', {})).toMatchObject({ failure: { code: 'not_allowed' } });
    expect(handle).not.toHaveBeenCalled();
  });
});

describe('lines', () => {
  test.each([
    ['that are not JSON', 'hello\n', 'body_not_json'],
    ['that are no request', '{"id":1,"kind":"reboot","request":{}}\n', 'body_invalid'],
    ['without a request', '{"id":1,"kind":"status"}\n', 'body_invalid'],
    ['of a wrong id', '{"id":"1","kind":"status","request":{}}\n', 'body_invalid'],
    ['over 2 MiB', 'x'.repeat(2 * 1024 * 1024 + 1), 'body_too_large'],
  ])('%s are answered and the connection closed', async (_what, bytes, code) => {
    await listen();
    expect(JSON.parse(await say(bytes))).toMatchObject({ id: 0, result: { ok: false, failure: { code } } });
  });

  test('behind a malformed one are not obeyed', async () => {
    const handle = vi.fn(() => Promise.resolve(success(null)));
    await listen({ handle });
    await say('oops\n{"id":1,"kind":"status","request":{}}\n');
    expect(handle).not.toHaveBeenCalled();
  });

  test('may come in pieces', async () => {
    await listen({ handle: (_kind, request) => Promise.resolve(success(request)) });
    const line = Buffer.from('{"id":1,"kind":"lun","request":{"name":"größe"}}\n');
    const heard = await new Promise<string>((resolve) => {
      const socket = connect(path, () => {
        socket.setNoDelay(true);
        for (const byte of line) socket.write(Buffer.of(byte));
      });
      socket.once('data', (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
    });
    expect(JSON.parse(heard)).toEqual({ id: 1, result: { ok: true, value: { name: 'größe' } } });
  });
});

describe('the gateway', () => {
  test('says engine_unreachable where nobody listens', async () => {
    expect(await gateway(milliseconds(300)).request('status', {})).toMatchObject({
      failure: { code: 'engine_unreachable' },
    });
  });

  test('says engine_unreachable where nobody answers in time', async () => {
    await listen({ handle: () => new Promise(() => undefined) });
    expect(await gateway(milliseconds(300)).request('status', {})).toMatchObject({
      failure: { code: 'engine_unreachable' },
    });
  });

  test('waits out a restart of the engine, and loses only what was under way', async () => {
    const engine = await listen({
      handle: (kind) => (kind === 'lun' ? new Promise(() => undefined) : Promise.resolve(success(1))),
    });
    const client = gateway();
    await client.request('status', {});
    const underWay = client.request('lun', { name: 'mail' });
    await client.request('status', {});
    await engine.close();
    expect(await underWay).toMatchObject({ failure: { code: 'engine_unreachable' } });
    const early = client.request('status', {});
    await listen({ handle: () => Promise.resolve(success(2)) });
    expect(await early).toEqual({ ok: true, value: 2 });
  });

  test('streams events from a sequence number on until its signal aborts', async () => {
    const unsubscribed = vi.fn();
    await listen({
      subscribe: (after, send) => {
        for (let next = (after ?? 0) + 1; next <= 6; next++) send(event(next));
        return unsubscribed;
      },
    });
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const { sequence } of gateway().events(3, controller.signal)) {
      seen.push(sequence);
      if (seen.length === 3) controller.abort();
    }
    expect(seen).toEqual([4, 5, 6]);
    await vi.waitUntil(() => unsubscribed.mock.calls.length === 1);
  });

  test('ends a stream of events where the engine goes', async () => {
    const engine = await listen({ subscribe: (_after, send) => (send(event(1)), () => undefined) });
    const seen: number[] = [];
    for await (const { sequence } of gateway().events(undefined, new AbortController().signal)) {
      seen.push(sequence);
      void engine.close();
    }
    expect(seen).toEqual([1]);
  });
});
