import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { initialConfig } from '../../../src/engine/index.ts';

type Document = { nodes: Record<string, unknown>[] } & Record<string, unknown>;

/** The example of the documentation, changed a little. */
function example(change: (document: Document) => void): Document {
  const document = parse(readFileSync('docs/cluster.example.yaml', 'utf8')) as Document;
  change(document);
  return document;
}

const configOf = (change: (document: Document) => void) =>
  initialConfig(ClusterFile.parse(example(change)), { clusterId: 'c', poolSecret: 's' });

const refusalOf = (change: (document: Document) => void): string => {
  const parsed = ClusterFile.safeParse(example(change));
  return parsed.success ? 'accepted' : parsed.error.issues.map(({ message }) => message).join('; ');
};

const giveLinks =
  (...links: (string[] | undefined)[]) =>
  ({ nodes }: Document) => {
    for (const [index, of] of links.entries())
      if (of !== undefined) nodes[index] = { ...nodes[index], links: of };
  };

const giveWitness = (witness: object) => (document: Document) => {
  document['witness'] = witness;
};

describe('further links', () => {
  test('are kept with each node, and left out where there are none', () => {
    const config = configOf(giveLinks(['10.7.0.1'], ['10.7.0.2']));
    expect(Object.values(config.nodes).map(({ links }) => links)).toEqual([['10.7.0.1'], ['10.7.0.2']]);
    for (const node of Object.values(configOf(() => undefined).nodes))
      expect(node).not.toHaveProperty('links');
  });

  test.each([
    ['as many links as the others', giveLinks(['10.7.0.1'], undefined)],
    ['as many links as the others', giveLinks(['10.7.0.1', '10.8.0.1'], ['10.7.0.2'])],
    ['10.7.0.1 is there twice', giveLinks(['10.7.0.1'], ['10.7.0.1'])],
    ['must be the address of one host', giveLinks(['224.0.0.1'], ['10.7.0.2'])],
  ])('are refused: %s', (why, change) => expect(refusalOf(change)).toContain(why));
});

describe('a witness', () => {
  test('needs its address only', () => {
    expect(configOf(giveWitness({ address: '10.9.0.9' })).witness).toEqual({
      address: '10.9.0.9',
      tls: 'off',
    });
    expect(configOf(() => undefined)).not.toHaveProperty('witness');
  });

  test('may have heuristics', () => {
    const heuristics = { ping: ['10.9.0.1'] };
    expect(configOf(giveWitness({ address: '10.9.0.9', tls: 'required', heuristics })).witness).toEqual({
      address: '10.9.0.9',
      tls: 'required',
      heuristics: { mode: 'on', timeout: 5000, ping: ['10.9.0.1'], programs: [] },
    });
  });

  test.each([
    ['must be an IPv4 address', { address: 'witness.example' }],
    ['an address to ping or a program', { address: '10.9.0.9', heuristics: {} }],
    ['at least 1000 ms', { address: '10.9.0.9', heuristics: { timeout: 999, programs: ['a'] } }],
    ['at least 2000 ms', { address: '10.9.0.9', heuristics: { timeout: 1000, ping: ['10.9.0.1'] } }],
    ['must be 1 to 32 characters', { address: '10.9.0.9', heuristics: { programs: ['../../bin/sh'] } }],
    ['must be 1 to 32 characters', { address: '10.9.0.9', heuristics: { programs: ['a b'] } }],
  ])('is refused: %s', (why, witness) => expect(refusalOf(giveWitness(witness))).toContain(why));

  test('is refused where it is one of the nodes', () => {
    const refusal = refusalOf((document) => {
      document['witness'] = { address: document.nodes[0]?.['cluster'] };
    });
    expect(refusal).toContain('must be a machine of its own');
  });
});
