import {
  failed,
  failure,
  milliseconds,
  type Command,
  type Failure,
  type FenceTest,
  type NodeName,
  type NodeStatus,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { devicesOf, fencingRecord, isUnderWay } from '../config/index.ts';
import { change, mayMulticast, multicast, reply, scaled, without } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { submit } from '../controller/submit.ts';
import { isInMaintenance } from '../planner/index.ts';
import { wasPutOut } from './history.ts';
import { callDevice, levelsOf } from './levels.ts';

/** The wish by which a test has its node fenced; the rest of it goes as with any other. */
export const BEING_TESTED = 'its fencing is being tested';

/** In milliseconds: a node that is off says nothing any more after so long. */
const SILENT_AFTER = 10_000;
/** In milliseconds: a node is back after so long; servers take their time. */
const BACK_WITHIN = 900_000;

/** Refused where the node could be missed. Answered when the test is on all disks; it goes on by itself. */
export function testFencing(draft: Draft, id: number, wanted: RequestOf<'fence.test'>): void {
  const { name, level = 1, dry } = wanted;
  if (draft.state.config.current.nodes[name] === undefined)
    return reply(draft, id, failed(failure('node_not_found', `there is no node ${name}`)));
  const hindrance = dry === true ? undefined : hindranceToTest(draft.state, name);
  if (hindrance !== undefined) return reply(draft, id, failed(hindrance));
  submit(draft, id, 'fence.test', name, {
    kind: 'fence.test',
    node: name,
    level,
    ...(dry === true && { dry }),
  });
}

/** A node that could fail just now, and nobody would notice but those who look after it. */
function hindranceToTest({ status, config }: EngineState, node: NodeName): Failure | undefined {
  const unsafe = (why: string): Failure => failure('fence_test_unsafe', why);
  for (const [name, { state, leaving, fenceWanted }] of Object.entries(status.nodes)) {
    if (state !== 'online') return unsafe(`${name} is ${state}; a test needs all nodes`);
    if (leaving !== undefined) return unsafe(`${name} is leaving`);
    if (fenceWanted !== undefined && fenceWanted !== BEING_TESTED)
      return unsafe(`${name} is to be fenced: ${fenceWanted}`);
  }
  if (isInMaintenance(config.current, node)) return unsafe(`${node} is in maintenance`);
  const instances = status.nodes[node]?.instances ?? {};
  for (const pool of Object.values(config.current.pools)) {
    if (pool.disks[node] === undefined) continue;
    if (stateOf(instances[`drbd-${pool.name}`]) === 'promoted')
      return unsafe(`${node} serves pool ${pool.name}`);
    const other = Object.keys(pool.disks).find((name) => name !== node) ?? node;
    const seen = status.nodes[other]?.instances[`drbd-${pool.name}`]?.observation;
    const disk = seen === undefined || seen === 'unknown' ? 'unknown' : String(seen.facts?.['disk']);
    if (disk !== 'UpToDate') return unsafe(`the copy of pool ${pool.name} on ${other} is ${disk}`);
  }
  return undefined;
}

const stateOf = (instance: NodeStatus['instances'][string] | undefined): string =>
  instance === undefined || instance.observation === 'unknown' ? 'unknown' : instance.observation.state;

/** The test that is under way; there is never more than one. */
const running = ({ config }: EngineState): readonly [NodeName, FenceTest] | undefined =>
  Object.entries(fencingRecord(config.current).tests).find(([, test]) => isUnderWay(test));

/** The level that is tried alone; undefined: the node is fenced for another reason, by all that it has. */
export function testedLevel(state: EngineState, target: NodeName): number | undefined {
  const [node, test] = running(state) ?? [];
  const status = state.status.nodes[target];
  if (node !== target || test?.state !== 'running' || test.dry === true) return undefined;
  return status?.state === 'online' && status.fenceWanted === BEING_TESTED ? test.level : undefined;
}

/** By the DC, at every step: what comes next of the test under way, as a change of the configuration. */
export function dueOfTests(draft: Draft): readonly (readonly [string, Command])[] {
  withdrawOld(draft);
  const [node, test] = running(draft.state) ?? [];
  if (node === undefined || test === undefined) return [];
  if (test.dry === true) return [];
  return asChange(node, test, stepOf(draft, node, test));
}

/** By one node that would put the tested one out: the first of them. */
export function dueOfDryTest(draft: Draft): readonly (readonly [string, Command])[] {
  const { status, self } = draft.state;
  const [node, test] = running(draft.state) ?? [];
  if (node === undefined || test?.dry !== true) return [];
  const first = Object.keys(status.nodes).find(
    (name) => name !== node && status.nodes[name]?.state === 'online',
  );
  if (first === undefined)
    return asChange(node, test, failure('fence_test_unsafe', `no other node is there to fence ${node}`));
  return first === self ? asChange(node, test, checkDry(draft, node, test)) : [];
}

function asChange(
  node: NodeName,
  test: FenceTest,
  verdict: Verdict,
): readonly (readonly [string, Command])[] {
  if (verdict === undefined) return [];
  const name = `test ${node} ${test.state}`;
  if (verdict === 'passed') return [[name, { kind: 'fence.tested', node }]];
  return 'took' in verdict
    ? [[name, { kind: 'fence.dark', node, took: verdict.took }]]
    : [[name, { kind: 'fence.tested', node, failure: verdict }]];
}

type Verdict = 'passed' | { readonly took: ReturnType<typeof milliseconds> } | Failure | undefined;

function stepOf(draft: Draft, node: NodeName, { state: step, level }: FenceTest): Verdict {
  const { state, now } = draft;
  const status = state.status.nodes[node];
  if (status === undefined) return failure('node_not_found', `${node} is no node any more`);
  const silent = Object.entries(state.status.nodes).find(
    ([name, other]) => name !== node && (other.state === 'lost' || other.state === 'offline'),
  );
  if (step === 'running' && status.state === 'online' && silent !== undefined)
    return failure('fence_wrong_node', `${silent[0]} went dark when ${node} was to, and ${node} did not`);
  if (step === 'dark') {
    if (status.state === 'online') return 'passed';
    return now - status.since > scaled(state, BACK_WITHIN)
      ? failure('fence_no_return', `${node} went dark, and did not come back`)
      : undefined;
  }
  const { fencing } = status;
  if (fencing?.state === 'failing' && fencing.failure !== undefined) return fencing.failure;
  if (status.state === 'offline' && fencing?.state === 'confirmed') {
    const id = state.config.current.nodes[node]?.id ?? 0;
    if (!state.ring.nodes.includes(id)) return { took: milliseconds(fencing.took ?? 0) };
    return now - status.since > SILENT_AFTER ? lies(state, node, level) : undefined;
  }
  // It goes on in the life that was said to be over.
  if (status.state === 'online' && wasPutOut(state, node)) return lies(state, node, level);
  if (status.state !== 'online' || status.fenceWanted !== undefined) return undefined;
  const hindrance = hindranceToTest(state, node);
  if (hindrance !== undefined) return hindrance;
  if (mayMulticast(draft, `wish ${node}`))
    multicast(draft, {
      kind: 'fence-wanted',
      target: node,
      reason: BEING_TESTED,
      generation: state.view.generation,
    });
  return undefined;
}

const lies = ({ config }: EngineState, node: NodeName, level: number): Failure =>
  failure(
    'fence_device_lies',
    `${devicesOf(config.current, node, level).join(' and ')} said that ${node} is off, and it is there`,
  );

/** A node whose test is over is not to be fenced for it. */
function withdrawOld(draft: Draft): void {
  for (const [target, { fenceWanted }] of Object.entries(draft.state.status.nodes)) {
    if (fenceWanted !== BEING_TESTED || running(draft.state)?.[0] === target) continue;
    if (mayMulticast(draft, `withdraw ${target}`))
      multicast(draft, { kind: 'fence-withdrawn', target, reason: BEING_TESTED });
  }
}

/** Asks every device of the level. */
function checkDry(draft: Draft, node: NodeName, { level, startedAt }: FenceTest): Verdict {
  const { dryTest } = draft.state;
  if (dryTest?.startedAt !== startedAt) {
    const devices = levelsOf(draft.state, node)
      .flat()
      .filter((device) => (device.level ?? 1) === level);
    const calls = Object.fromEntries(
      devices.map((device) => [callDevice(draft, device, 'status', 'fence-dry'), device.name]),
    );
    change(draft, { dryTest: { startedAt, calls, failures: [] } });
    return undefined;
  }
  if (Object.keys(dryTest.calls).length > 0) return undefined;
  const [first] = dryTest.failures;
  return first === undefined
    ? 'passed'
    : failure(first.code, dryTest.failures.map(({ message }) => message).join('; '));
}

/** The answer to one call of a dry test; `false`: it was none. */
export function onDryTested(draft: Draft, call: string, result: Result<'on' | 'off'>): boolean {
  const { dryTest } = draft.state;
  const device = dryTest?.calls[call];
  if (dryTest === undefined || device === undefined) return false;
  const target = draft.state.config.current.fenceDevices[device]?.node ?? '';
  const isThere = draft.state.status.nodes[target]?.state === 'online';
  const wrong =
    result.ok && result.value === 'off' && isThere
      ? [failure('fence_device_lies', `${device} says that ${target} is off, and it is there`)]
      : [];
  const failures = result.ok ? wrong : [failure(result.failure.code, `${device}: ${result.failure.message}`)];
  change(draft, {
    dryTest: {
      ...dryTest,
      calls: without(dryTest.calls, call),
      failures: [...dryTest.failures, ...failures],
    },
  });
  return true;
}
