import { expect, test } from 'vitest';
import type { ClusterDocument } from '../../../src/model/index.ts';
import {
  explain,
  parseInjection,
  simulate,
  summaryLines,
  type Injection,
  type Simulation,
} from '../../../src/simulate/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { San, SECOND } from './san.ts';

/** The document that the engine hands out, by way of JSON as over the network. */
const documentOf = (machine: Machine): ClusterDocument => {
  let document: unknown;
  machine.engine?.request('document', {}, (result) => {
    if (result.ok) document = JSON.parse(JSON.stringify(result.value));
  });
  if (document === undefined) throw new Error('the engine gave no document');
  return document as ClusterDocument;
};

const whatIf = (document: ClusterDocument, ...events: readonly Injection[]): Simulation => {
  const simulation = simulate({
    document,
    events,
    now: 1_700_000_000,
    utcOffset: 0,
    run: true,
    failures: [],
    withScores: false,
  });
  if (!simulation.ok) throw new Error(simulation.failure.message);
  return simulation.value;
};

test('the live cluster is asked what would be if its server were lost; then it is lost', () => {
  const san = San.serving();
  const { server, other } = san;
  if (server === undefined) throw new Error('nobody serves');

  const now = whatIf(documentOf(other));
  expect([now.findings, summaryLines(now.transition)]).toEqual([[], []]);

  const lost = parseInjection('node-fail', server.name);
  if (!lost.ok) throw new Error(lost.failure.message);
  const then = whatIf(documentOf(other), lost.value);
  const summary = summaryLines(then.transition).join('\n');
  expect(summary).toMatch(new RegExp(`Fence \\(reboot\\) ${server.name}`));
  expect(summary).toMatch(new RegExp(`Promote .*-> Promoted ${other.name}`));
  expect(summary).toMatch(new RegExp(`Move +lun-\\S+ +\\( +${server.name} -> ${other.name}`));
  expect(then.executed?.execution.outcome).toBe('complete');

  const explained = explain(now, 'lun-data', other.name);
  if (!explained.ok) throw new Error(explained.failure.message);
  expect(explained.value.parts[0]?.answer).toContain(`runs on ${server.name} now, and stays there`);
  expect(explained.value.parts[0]?.nodes[0]?.toChange).not.toEqual([]);

  // Asking has changed nothing, and what was foretold comes true.
  expect(san.isWell()).toBe(true);
  server.cut();
  san.eventually('the other one serves', () => san.server === other, 30 * SECOND);
});
