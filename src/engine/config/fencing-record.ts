import {
  assertNever,
  failed,
  failure,
  isForTests,
  success,
  type ClusterConfig,
  type FenceProof,
  type FenceTest,
  type FencingCommand,
  type FencingRecord,
  type Milliseconds,
  type NodeName,
  type Result,
} from '../../model/index.ts';
import { canonical } from './canonical.ts';

/** Fencings that are kept; older ones are forgotten. */
const HISTORY = 100;

const NOTHING: FencingRecord = { tests: {}, proofs: {}, waivers: {}, history: [] };

export const fencingRecord = ({ fencing }: ClusterConfig): FencingRecord => fencing ?? NOTHING;

export const isUnderWay = ({ state }: FenceTest): boolean => state === 'running' || state === 'dark';

/** Names of a node's devices that are of a level, or of any. */
export const devicesOf = (config: ClusterConfig, node: NodeName, level?: number): readonly string[] =>
  Object.values(config.fenceDevices)
    .filter((device) => device.node === node && (level === undefined || (device.level ?? 1) === level))
    .map(({ name }) => name);

/**
 * Nodes of which nobody knows by experience that they can be put out, and for which nobody answers. Devices that are only
 * for tests do not count, whatever they were seen to do.
 */
export const unprovenNodes = (config: ClusterConfig): readonly NodeName[] => {
  const { proofs, waivers } = fencingRecord(config);
  const real = Object.values(config.fenceDevices).filter((device) => !isForTests(device));
  return Object.keys(config.nodes).filter((node) => {
    const devices = real.filter((device) => device.node === node);
    const isProven = devices.length > 0 && devices.every(({ name }) => proofs[name] !== undefined);
    return !isProven && waivers[node] === undefined;
  });
};

export function applyFencing(
  config: ClusterConfig,
  command: FencingCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'fence.test':
      return begin(config, command, at);
    case 'fence.dark':
      return success(
        testOf(config, command.node)?.state === 'running'
          ? withTest(config, command.node, { state: 'dark', took: command.took })
          : config,
      );
    case 'fence.tested':
      return success(end(config, command, at));
    case 'fence.waive':
      return waive(config, command, at);
    case 'fence.recorded':
      return success(record(config, command, at));
    default:
      return assertNever(command);
  }
}

const testOf = (config: ClusterConfig, node: NodeName): FenceTest | undefined =>
  fencingRecord(config).tests[node];

function withTest(config: ClusterConfig, node: NodeName, to: Partial<FenceTest>): ClusterConfig {
  const known = fencingRecord(config);
  const test = known.tests[node];
  if (test === undefined) return config;
  return { ...config, fencing: { ...known, tests: { ...known.tests, [node]: { ...test, ...to } } } };
}

type Begin = Extract<FencingCommand, { kind: 'fence.test' }>;

function begin(config: ClusterConfig, { node, level, dry }: Begin, at: Milliseconds): Result<ClusterConfig> {
  if (config.nodes[node] === undefined) return failed(failure('node_not_found', `there is no node ${node}`));
  if (devicesOf(config, node, level).length === 0)
    return failed(failure('fence_device_missing', `${node} has no fence device of level ${level}`));
  const known = fencingRecord(config);
  const other = Object.keys(known.tests).find((name) => {
    const test = known.tests[name];
    return test !== undefined && isUnderWay(test);
  });
  if (other !== undefined)
    return failed(failure('fence_test_running', `the fencing of ${other} is being tested just now`));
  const { revision } = config;
  const test: FenceTest = { level, ...(dry && { dry }), state: 'running', startedAt: at, revision };
  return success({ ...config, fencing: { ...known, tests: { ...known.tests, [node]: test } } });
}

type End = Extract<FencingCommand, { kind: 'fence.tested' }>;

/** A real test is a proof, and one that failed takes away the proof of before. */
function end(config: ClusterConfig, { node, failure: cause }: End, at: Milliseconds): ClusterConfig {
  const test = testOf(config, node);
  if (test === undefined || !isUnderWay(test)) return config;
  const ended = withTest(config, node, {
    state: cause === undefined ? 'passed' : 'failed',
    finishedAt: at,
    ...(cause && { failure: cause }),
  });
  if (test.dry === true) return ended;
  const known = fencingRecord(ended);
  const devices = devicesOf(config, node, test.level);
  const others = Object.entries(known.proofs).filter(([name]) => !devices.includes(name));
  const { took } = test;
  const isProven = cause === undefined && took !== undefined;
  const proven = isProven ? devices.map((name): [string, FenceProof] => [name, { testedAt: at, took }]) : [];
  const proofs: FencingRecord['proofs'] = Object.fromEntries([...others, ...proven]);
  return { ...ended, fencing: { ...known, proofs } };
}

type Waive = Extract<FencingCommand, { kind: 'fence.waive' }>;

function waive(config: ClusterConfig, { node, reason }: Waive, at: Milliseconds): Result<ClusterConfig> {
  if (config.nodes[node] === undefined) return failed(failure('node_not_found', `there is no node ${node}`));
  const known = fencingRecord(config);
  if (known.waivers[node]?.reason === reason) return success(config);
  const others = Object.fromEntries(Object.entries(known.waivers).filter(([name]) => name !== node));
  const waivers = reason === undefined ? others : { ...others, [node]: { at, reason } };
  return success({ ...config, fencing: { ...known, waivers } });
}

type Recorded = Extract<FencingCommand, { kind: 'fence.recorded' }>;

function record(config: ClusterConfig, { fencing }: Recorded, at: Milliseconds): ClusterConfig {
  const known = fencingRecord(config);
  if (isRecorded(config, fencing)) return config;
  return {
    ...config,
    fencing: { ...known, history: [...known.history, { ...fencing, at }].slice(-HISTORY) },
  };
}

/** What is said by several, of one life under one revision, was one fencing. */
export const isRecorded = (config: ClusterConfig, { node, boot, revision }: Recorded['fencing']): boolean =>
  fencingRecord(config).history.some(
    (each) => each.node === node && each.boot === boot && each.revision === revision,
  );

/** What was shown of a device holds for that device, and not for another of its name. */
export function withoutStaleProofs(before: ClusterConfig, after: ClusterConfig): ClusterConfig {
  if (after.fencing === undefined || before.fenceDevices === after.fenceDevices) return after;
  const same = (name: string): boolean =>
    canonical(before.fenceDevices[name]) === canonical(after.fenceDevices[name]);
  const proofs = Object.fromEntries(Object.entries(after.fencing.proofs).filter(([name]) => same(name)));
  return { ...after, fencing: { ...after.fencing, proofs } };
}
