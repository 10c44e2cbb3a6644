import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import { build } from 'esbuild';

interface Answered {
  readonly data?: unknown;
  /** The problem document of a refusal. */
  readonly error?: unknown;
  readonly response?: Response;
}

export interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Every operation of the document, by its `operationId`. */
export type GeneratedClient = Readonly<Record<string, (call: Call) => Promise<Answered>>>;

interface Generated {
  readonly client: { setConfig(config: Record<string, unknown>): void };
  readonly sdk: GeneratedClient;
}

/** Makes a client of an OpenAPI document; its requests go through `fetch`, with the token as the document has it. */
export async function generateClient(
  document: Record<string, unknown>,
  { fetch, token, baseUrl }: { fetch: typeof globalThis.fetch; token: string; baseUrl: string },
): Promise<GeneratedClient> {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-client-'));
  try {
    await createClient({
      input: document,
      output: join(folder, 'source'),
      plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
      logs: { level: 'silent', file: false },
    });
    await build({
      stdin: {
        contents: `export { client } from './client.gen'; export * as sdk from './sdk.gen';`,
        resolveDir: join(folder, 'source'),
      },
      bundle: true,
      format: 'esm',
      outfile: join(folder, 'client.mjs'),
      logLevel: 'silent',
    });
    const { client, sdk } = (await import(pathToFileURL(join(folder, 'client.mjs')).href)) as Generated;
    client.setConfig({ baseUrl, auth: token, fetch });
    return sdk;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
