import { describe, expect, test } from 'vitest';
import { findJsonMistake } from '../../../src/simulate/document/json-mistake.ts';
import { readDocument, writeDocument } from '../../../src/simulate/index.ts';
import { read, SAN, settle } from './world.ts';

const { document } = settle(read(SAN)).next;

describe('a cluster as JSON', () => {
  test('comes back as it was', async () => {
    const result = await readDocument(await writeDocument(document, 'json'));
    expect(result).toEqual({ ok: true, format: 'json', document, findings: [] });
  });

  test('without what does not fit, each with its place; numbers count as text', async () => {
    const spoiled = {
      ...document,
      surprise: 1,
      configuration: {
        ...document.configuration,
        nodes: [...document.configuration.nodes, { id: 3, uname: 'gamma' }, { id: '4' }],
        resources: [...document.configuration.resources, { kind: 'bundle', id: 'b' }],
      },
    };
    const result = await readDocument(JSON.stringify(spoiled));
    if (!result.ok) throw new Error(result.finding.message);
    expect(result.document.configuration.nodes[2]).toEqual({
      id: '3',
      uname: 'gamma',
      attributes: [],
      utilization: [],
    });
    expect(result.document.configuration.resources).toEqual(document.configuration.resources);
    expect(result.findings.map(({ code, place }) => `${code} ${place}`).sort()).toEqual([
      'bad_value configuration.resources[3]',
      'missing_field configuration.nodes[3]',
      'unknown_element surprise',
    ]);
  });

  test.each([
    ['{"a": 1,}', 1, 9],
    ['{\n  "a" 1\n}', 2, 7],
    ['{"a": "b\nc"}', 1, 7],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ['{} {}', 1, 4],
    ['[01]', 1, 2],
    ['{"a": nul}', 1, 7],
    ['["\\x"]', 1, 2],
  ])('%j is wrong at line %i, column %i', (text, line, column) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(findJsonMistake(text)).toMatchObject({ line, column });
  });

  test.each(['{"a": [1, -2.5e3, "\\u00e4", null, {}, []]}', ' true ', '"x"'])('%j is well formed', (text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(findJsonMistake(text)).toBeUndefined();
  });
});

test('the form is known by the contents', async () => {
  const formats = await Promise.all(
    ['\ufeff<cib/>', ' {"configuration": {}}', 'node alpha\n', ''].map(
      async (text) => (await readDocument(text)).format,
    ),
  );
  expect(formats).toEqual(['cib', 'json', 'crm', 'crm']);
});
