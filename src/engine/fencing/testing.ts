import {
  failed,
  failure,
  type Command,
  type Failure,
  type FenceProof,
  type FenceTest,
  type Fencing,
  type NodeName,
  type NodeStatus,
  type RequestOf,
  type Result,
  within,
} from '../../model/index.ts';
import { devicesOf, fencingRecord, isUnderWay } from '../config/index.ts';
import { change, mayMulticast, multicast, reply, scaled, without } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { submit } from '../controller/submit.ts';
import { isInMaintenance } from '../planner/index.ts';
import { lastFencing } from './history.ts';
import { callDevice, distrust, levelsOf } from './levels.ts';

/** The wish by which a test has its node fenced; the rest of it goes as with any other. */
export const BEING_TESTED = 'its fencing is being tested';

/** In milliseconds: a node that is off says nothing any more after so long. */
const SILENT_AFTER = 10_000;
/** In milliseconds: a node is back after so long; servers take their time. */
const BACK_WITHIN = 900_000;

/** Refused where the node cannot be missed. Answered when the test is on all disks; it goes on by itself. */
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

/** Why the node cannot be missed just now; undefined: it may go dark, and no host would notice. */
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
  if (node === undefined || test?.dry !== true) {
    if (draft.state.dryTest !== undefined) change(draft, { dryTest: undefined });
    return [];
  }
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

type Verdict = 'passed' | Pick<FenceProof, 'took'> | Failure | undefined;

function stepOf(draft: Draft, node: NodeName, test: FenceTest): Verdict {
  const { state, now } = draft;
  const status = state.status.nodes[node];
  if (status === undefined) return failure('node_not_found', `${node} is no node any more`);
  if (test.state === 'dark') {
    if (status.state === 'online') return 'passed';
    return now - status.since > scaled(state, BACK_WITHIN)
      ? failure('fence_no_return', `${node} went dark, and did not come back`)
      : undefined;
  }
  const ended = lastFencing(state, node, test.revision);
  if (ended !== undefined) return judged(draft, status, test, ended);
  if (status.fencing?.state === 'failing' && status.fencing.failure !== undefined)
    return status.fencing.failure;
  if (status.state === 'offline')
    return now - status.since > SILENT_AFTER
      ? failure('fence_not_confirmed', `${node} is off, and nobody knows by which device`)
      : undefined;
  if (status.state !== 'online') return undefined;
  const silent = Object.entries(state.status.nodes).find(
    ([name, other]) =>
      name !== node && other.leaving === undefined && (other.state === 'lost' || other.state === 'offline'),
  );
  if (silent !== undefined)
    return failure('fence_wrong_node', `${silent[0]} went dark when ${node} was to, and ${node} did not`);
  if (status.fenceWanted !== undefined) return undefined;
  const hindrance = hindranceToTest(state, node);
  if (hindrance !== undefined) return hindrance;
  const { generation } = state.view;
  if (mayMulticast(draft, `wish ${node}`))
    multicast(draft, { kind: 'fence-wanted', target: node, reason: BEING_TESTED, generation });
  return undefined;
}

/** Since the test was begun, the node was confirmed to be off: by what was to be tested, and is it? */
function judged(
  { state, now }: Draft,
  status: NodeStatus,
  { level }: FenceTest,
  { node, boot, devices, devicesTook: took }: Omit<Fencing, 'at'>,
): Verdict {
  const tested = devicesOf(state.config.current, node, level);
  if (!tested.every((name) => devices.includes(name)))
    return failure(
      'fence_not_confirmed',
      `${node} was put out, and not by ${tested.join(' and ')}: ${devices.join(' and ') || 'a person'} confirmed it`,
    );
  // It goes on in the life that was said to be over.
  if (status.state === 'online') return boot === state.boots[node] ? lies(state, node, level) : { took };
  if (!state.ring.nodes.includes(state.config.current.nodes[node]?.id ?? 0)) return { took };
  return now - status.since > SILENT_AFTER ? lies(state, node, level) : undefined;
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
  const settings = draft.state.config.current.fenceDevices[device];
  const target = settings?.node ?? '';
  const isThere = draft.state.status.nodes[target]?.state === 'online';
  const doubt = settings && distrust(draft.state, settings);
  const cause = result.ok ? doubt : result.failure;
  const failures =
    cause !== undefined
      ? [within(device, cause)]
      : result.ok && result.value === 'off' && isThere
        ? [failure('fence_device_lies', `${device} says that ${target} is off, and it is there`)]
        : [];
  change(draft, {
    dryTest: {
      ...dryTest,
      calls: without(dryTest.calls, call),
      failures: [...dryTest.failures, ...failures],
    },
  });
  return true;
}
