import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followCertificate } from '../../../src/api/index.ts';
import * as schemas from '../../../src/api/schemas/index.ts';
import { emptyConfiguration } from '../../../src/formats/crm/empty.ts';
import { failed, failure, success, type OperationView } from '../../../src/model/index.ts';
import { lun, operation, status } from './fake-gateway.ts';
import { makeCertificate, serve, until, type Served } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve({ admissionsPerCaller: 2 });
});
afterEach(() => served.close());

const good = { name: 'web', size: '10GiB' };

describe('creating a LUN', () => {
  let now: OperationView;
  beforeEach(() => {
    now = operation();
    served.gateway.replies = {
      'lun.create': () => success({ lun: lun({ state: 'creating', servedBy: undefined }), operation: now }),
      operation: () => success(now),
      lun: () => success(lun()),
    };
  });

  it('answers 202 with the operation, and has passed on whole bytes', async () => {
    const reply = await served.send('POST', '/api/v1/luns', { ...good, hosts: ['client'] });
    expect([reply.status, reply.headers.location]).toEqual([202, '/api/v1/operations/op-1']);
    expect(schemas.LunCreated.parse(reply.body).operation?.state).toBe('running');
    expect(served.gateway.asked).toEqual([
      { kind: 'lun.create', request: { name: 'web', size: 10 * 2 ** 30, hosts: ['client'] } },
    ]);
  });

  it.each([
    ['by parameter', '?wait=9', {}],
    ['by header', '', { prefer: 'respond-async, wait=9' }],
  ])('waits %s until an event tells the end, and answers 201', async (_how, query, headers) => {
    const waiting = served.send('POST', `/api/v1/luns${query}`, good, headers);
    await until(() => served.gateway.asked.some(({ kind }) => kind === 'operation'));
    now = operation({ state: 'succeeded' });
    served.gateway.happens({ kind: 'operation.succeeded', subject: 'op-1' });
    const reply = await waiting;
    expect([reply.status, reply.headers.location]).toEqual([201, '/api/v1/luns/web']);
    expect(schemas.LunCreated.parse(reply.body).lun.state).toBe('ready');
    await until(() => served.gateway.openStreams === 0);
  });

  it('notices the end without any event too', async () => {
    const waiting = served.send('POST', '/api/v1/luns?wait=9', good);
    await until(() => served.gateway.asked.some(({ kind }) => kind === 'operation'));
    now = operation({ state: 'succeeded' });
    expect((await waiting).status).toBe(201);
  });

  it('answers 202 where the time is up', async () => {
    const reply = await served.send('POST', '/api/v1/luns?wait=1', good);
    expect([reply.status, reply.headers.location]).toEqual([202, '/api/v1/operations/op-1']);
  });

  it('answers with the failure of the operation', async () => {
    const waiting = served.send('POST', '/api/v1/luns?wait=9', good);
    await until(() => served.gateway.asked.some(({ kind }) => kind === 'operation'));
    now = operation({ state: 'failed', failure: failure('volume_foreign', 'volume lun-web is not ours') });
    served.gateway.happens({ kind: 'operation.failed', subject: 'web' });
    const reply = await waiting;
    expect([reply.status, reply.body['code']]).toEqual([409, 'volume_foreign']);
    expect(reply.body['detail']).toBe('Operation op-1: volume lun-web is not ours');
  });

  it('answers 200 where the same LUN is there', async () => {
    now = operation({ state: 'succeeded' });
    for (const query of ['', '?wait=9']) {
      const reply = await served.send('POST', `/api/v1/luns${query}`, good);
      expect([reply.status, reply.headers.location]).toEqual([200, '/api/v1/luns/web']);
    }
  });

  it('answers with what the engine refuses', async () => {
    served.gateway.replies['lun.create'] = () => failed(failure('name_taken', 'web has 5 GiB'));
    const reply = await served.send('POST', '/api/v1/luns', good);
    expect([reply.status, reply.body['detail']]).toEqual([409, 'web has 5 GiB']);
  });

  it('ends as internal, told in the log only, where the gateway breaks', async () => {
    served.gateway.replies['lun.create'] = () => {
      throw new Error('inner secret');
    };
    const reply = await served.send('POST', '/api/v1/luns', good);
    expect([reply.status, reply.body['code']]).toEqual([500, 'internal']);
    expect(reply.text).not.toContain('inner secret');
    expect(served.logged.join('\n')).toContain('inner secret');
  });
});

describe('deleting a LUN', () => {
  it('answers 202, 204 where it is not there, and 200 after waiting', async () => {
    const deleting = operation({ kind: 'lun.delete' });
    served.gateway.replies = {
      'lun.delete': ({ name }) => success({ operation: name === 'web' ? deleting : undefined }),
      operation: () => success({ ...deleting, state: 'succeeded' }),
    };
    const begun = await served.send('DELETE', '/api/v1/luns/web');
    expect([begun.status, begun.headers.location]).toEqual([202, '/api/v1/operations/op-1']);
    expect(schemas.LunDeleted.parse(begun.body).operation.state).toBe('running');
    const absent = await served.send('DELETE', '/api/v1/luns/other');
    expect([absent.status, absent.text]).toEqual([204, '']);
    const waited = await served.send('DELETE', '/api/v1/luns/web?wait=9');
    expect([waited.status, schemas.LunDeleted.parse(waited.body).operation.state]).toEqual([
      200,
      'succeeded',
    ]);
  });
});

describe('a node that asks to be admitted', () => {
  const body = { secret: 'very-secret', node: 'san-b' };

  it('needs no token but the secret, and not too many attempts', async () => {
    served.gateway.replies['cluster.admit'] = () => failed(failure('join_secret_wrong', 'wrong'));
    const ask = async () =>
      (await served.send('POST', '/api/v1/cluster/admit', body, { authorization: '' })).body['code'];
    expect([await ask(), await ask(), await ask()]).toEqual([
      'join_secret_wrong',
      'join_secret_wrong',
      'busy',
    ]);
    expect(served.gateway.asked).toHaveLength(2);
    expect(served.logged.join('\n')).toContain('POST /api/v1/cluster/admit 403');
    expect(served.logged.join('\n')).not.toContain('very-secret');
  });
});

describe('the OpenAPI document', () => {
  interface Document {
    readonly openapi: string;
    readonly paths: Record<string, Record<string, { responses: Record<string, object> }>>;
  }

  it('names every address, and the answers given are among those it names', async () => {
    served.gateway.replies = {
      status: () => success(status()),
      nodes: () => success(status().nodes),
      document: () =>
        success({
          fields: { 'have-quorum': '1' },
          configuration: emptyConfiguration(),
          nodes: [],
          tickets: [],
        }),
      luns: () => success({ items: [lun()] }),
      lun: () => success(lun({ servedBy: undefined })),
      operation: () => success(operation({ failure: failure('pool_full', 'full') })),
      cleanup: () => success({ cleared: 2 }),
      'cluster.join-secret': () => success({ joinSecret: 's' }),
    };
    const document = (await served.send('GET', '/api/v1/openapi.json')).body as unknown as Document;
    expect(document.openapi).toBe('3.1.0');
    expect(Object.values(document.paths).flatMap((path) => Object.keys(path))).toHaveLength(67);
    const answers = [
      ['GET', '/api/v1/status', '/api/v1/status', schemas.Status],
      ['GET', '/api/v1/nodes', '/api/v1/nodes', schemas.Node.array()],
      ['GET', '/api/v1/cluster/document', '/api/v1/cluster/document', schemas.Document],
      ['GET', '/api/v1/luns', '/api/v1/luns', schemas.Lun.array()],
      ['GET', '/api/v1/luns/web', '/api/v1/luns/{name}', schemas.Lun],
      ['GET', '/api/v1/operations/op-1', '/api/v1/operations/{id}', schemas.Operation],
      ['POST', '/api/v1/cleanup', '/api/v1/cleanup', schemas.Cleaned],
      ['GET', '/api/v1/cluster/join-secret', '/api/v1/cluster/join-secret', schemas.JoinSecret],
    ] as const;
    for (const [method, path, template, schema] of answers) {
      const reply = await served.send(method, path);
      const documented = document.paths[template]?.[method.toLowerCase()]?.responses ?? {};
      expect(Object.keys(documented)).toContain(String(reply.status));
      // Nothing is lost: what the schema knows is all that was answered.
      expect(schema.parse(reply.body)).toEqual(reply.body);
    }
  });
});

describe('the certificate', () => {
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: Number(new URL(served.url).port), rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
      socket.on('error', reject);
    });

  it('is shown anew to new connections when its files have changed', async () => {
    const paths = {
      certificate: join(served.directory, 'api.crt'),
      key: join(served.directory, 'api.key'),
    };
    const names: string[] = [];
    const follower = followCertificate(paths, ({ certificate, key }) => {
      names.push('changed');
      served.api.server.setSecureContext({ cert: certificate, key });
    });
    await until(() => names.length === 1);
    expect(await shown()).toBe('san-a');
    const before = readFileSync(paths.key);
    makeCertificate(served.directory, 'san-renewed');
    await until(() => names.length === 2);
    expect(await shown()).toBe('san-renewed');
    // A key that does not belong to the certificate is not taken.
    writeFileSync(paths.key, before);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(names).toHaveLength(2);
    expect(await shown()).toBe('san-renewed');
    follower.close();
  });
});
