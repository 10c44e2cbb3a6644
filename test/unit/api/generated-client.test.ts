import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateClient } from '../../../appliance/generated-client/generate.ts';
import { leadRound } from '../../../appliance/generated-client/round.ts';
import { EngineGateway } from './engine-gateway.ts';
import { serveFrom, token, type Served } from './served.ts';

let served: Served<EngineGateway>;
let document: Record<string, unknown>;
beforeAll(async () => {
  served = await serveFrom(new EngineGateway());
  document = (await served.send('GET', '/api/v1/openapi.json')).body;
});
afterAll(() => served.close());

/** Through the tests' own TLS; between two requests the simulated time goes on. */
const fetch: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = await request.text();
  const { pathname, search } = new URL(request.url);
  served.gateway.san.for(1000);
  const headers = Object.fromEntries(request.headers);
  const reply = await served.send(request.method, pathname + search, body === '' ? undefined : body, headers);
  return reply.text === ''
    ? new Response(null, { status: reply.status })
    : Response.json(reply.body, { status: reply.status });
};

describe('for programs that others write', () => {
  it('the OpenAPI document is one, by the OpenAPI Initiative’s own schema', async () => {
    const validator = new Validator();
    expect(await validator.validate(document)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect((await new Validator().validate({ ...document, paths: { nothing: {} } })).valid).toBe(false);
  });

  it('what many answers hold has one name in it', () => {
    const { schemas } = document['components'] as { readonly schemas: Record<string, object> };
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['Problem', 'Lun', 'Operation', 'Host']));
    expect(JSON.stringify(document)).not.toContain('#/$defs/');
  });

  it('a client that a public generator makes of it leads a LUN’s life', { timeout: 60_000 }, async () => {
    const client = await generateClient(document, { fetch, token, baseUrl: served.url });
    await leadRound(client, { wait: 0 });
  });

  it('and is told of a refusal by its code', { timeout: 60_000 }, async () => {
    const stranger = await generateClient(document, { fetch, token: 'wrong', baseUrl: served.url });
    await expect(leadRound(stranger)).rejects.toThrow('token_wrong');
  });
});
