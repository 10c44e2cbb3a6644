import { generateClient } from '../../generated-client/generate.ts';
import { leadRound } from '../../generated-client/round.ts';
import { primaryOf } from '../../trial/failover.ts';
import type { San } from '../../trial/san.ts';
import type { StorageNodeName } from '../../lab/topology.ts';
import type { Scenario } from './scenario.ts';

/** The lab forwards a node's port, and knows its certificate. */
const through =
  (san: San, node: StorageNodeName): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    const { pathname, search } = new URL(request.url);
    const options = {
      ...(text === '' ? {} : { raw: text }),
      token: request.headers.get('authorization')?.replace(/^Bearer /, ''),
    };
    const { status, body } = await san.call(
      node,
      request.method,
      `${pathname.replace(/^\/api\/v1/, '')}${search}`,
      undefined,
      options,
    );
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  };

export const generatedClient: Scenario = {
  name: 'generated-client',
  what: "a client made by a public generator from a node's own OpenAPI document makes, maps, grows, copies and deletes a LUN",
  run: async (_, san) => {
    const node = await primaryOf(san);
    const document = (await san.call(node, 'GET', '/openapi.json')).body as Record<string, unknown>;
    const client = await generateClient(document, {
      fetch: through(san, node),
      token: await san.token(node),
      baseUrl: san.url(node),
    });
    await leadRound(client);
    return { wrong: [], told: `${Object.keys(client).length} operations generated, one round led` };
  },
};
