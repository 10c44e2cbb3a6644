/** Program: the engine of a node. Runs as root under systemd; everything else talks to it through its socket. */
import { mkdir, readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { canonical, initialState, type EngineRequest } from '../engine/index.ts';
import {
  assertNever,
  failed,
  failure,
  milliseconds,
  success,
  type ClusterConfig,
  type NodeName,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { createAgentRunner } from '../platform/agent-host/runner.ts';
import { createCorosyncTransport } from '../platform/corosync/index.ts';
import { writeFileAtomically } from '../platform/files.ts';
import { ensureCertificate } from '../platform/formation/certificate.ts';
import { startCorosync } from '../platform/formation/corosync-service.ts';
import { loadModules } from '../platform/formation/kernel.ts';
import { groupId, writeOwned } from '../platform/formation/owned-file.ts';
import { ensureToken } from '../platform/formation/token.ts';
import { createEngineSocket } from '../platform/socket/server.ts';
import { createFileStore } from '../platform/store/index.ts';
import { createClock, createLog, createRandom, digest } from '../platform/world.ts';
import { createEventHistory } from './event-history.ts';
import { createMembership } from './membership.ts';
import { restore } from './restore.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { readSettings } from './settings.ts';
import { emptyStatus } from './unformed.ts';

const settings = readSettings(process.env, join(import.meta.dirname, agentHostName()));
const clock = createClock();
const random = createRandom();
const log = createLog();
const store = createFileStore(join(settings.stateFolder, 'config'));
const events = createEventHistory(clock.now(), () => clock.now());
const nodeFile = join(settings.stateFolder, 'node');

let runtime: Runtime | undefined;
let damage: string | undefined;

/** In the package this is one bundled file; in a checkout it is the source. */
function agentHostName(): string {
  return import.meta.filename.endsWith('.ts') ? 'agent-host.ts' : 'agent-host.js';
}

function demand<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  log.error('keelsond', `${result.failure.message} (${result.failure.code})`);
  process.exit(1);
}

function giveUp(reason: string): never {
  log.error('keelsond', `gives up and starts anew: ${reason}`);
  process.exit(1);
}

/** The configuration that is on disk comes to life: Corosync, agents, engine. */
async function startEngine(self: NodeName, config: ClusterConfig, entries: number): Promise<void> {
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const loaded = await loadModules();
  if (!loaded.ok) log.error('keelsond', loaded.failure.message);
  const runner = createAgentRunner({ hostProgram: settings.agentHost, node: self, log, clock });
  const synchronisedSinceBoot =
    (await readFile(settings.synchronisedFile, 'utf8').catch(() => '')).trim() === boot;
  const birth = {
    self,
    incarnation: random.hex(8),
    boot,
    synchronisedSinceBoot,
    config,
    now: clock.now(),
    digest,
  };
  const synchronised = (): void => {
    void writeFileAtomically(settings.synchronisedFile, boot, 0o600).catch((error: unknown) =>
      log.error('keelsond', `the next engine of this boot will wait for the peer: ${String(error)}`),
    );
  };
  const transport = createCorosyncTransport({ log });
  let reviving = false;
  const reviveCorosync = (): void => {
    if (reviving) return;
    reviving = true;
    void startCorosync().then((started) => {
      if (!started.ok) log.error('corosync', started.failure.message);
      clock.after(milliseconds(5000), () => {
        reviving = false;
        if (runtime?.state().transportUp === false) reviveCorosync();
      });
    });
  };
  const world = { clock, random, log, digest, transport, store, agents: runner, fencing: runner, events };
  runtime = startRuntime(initialState(birth), { ...world, reviveCorosync, synchronised, giveUp }, entries);
  reviveCorosync();
  log.info('keelsond', `engine of ${self} started with revision ${config.revision}`);
}

/** The name first, then the configuration: a name without a configuration is no member. */
async function found(node: NodeName, config: ClusterConfig): Promise<Result<void>> {
  const named = await writeOwned(nodeFile, node, 0o600);
  if (!named.ok) return named;
  const text = canonical(config);
  const stored = await store.replace({ revision: config.revision, hash: digest(text), config: text });
  if (!stored.ok) return stored;
  await startEngine(node, config, 0);
  return success(undefined);
}

async function resume(): Promise<void> {
  const loaded = await store.load();
  if (!loaded.ok) {
    halt(loaded.failure.message);
    return;
  }
  if (loaded.value.damage !== undefined) log.error('store', loaded.value.damage);
  const restored = restore(loaded.value, digest);
  if (!restored.ok) {
    halt(restored.failure.message);
    return;
  }
  if (restored.value === undefined) {
    log.info('keelsond', 'this node belongs to no cluster yet');
    return;
  }
  const self = (await readFile(nodeFile, 'utf8')).trim();
  await startEngine(self, restored.value, loaded.value.entries.length);
}

/** Better no engine than one with a configuration that nobody agreed to. */
function halt(reason: string): void {
  damage = reason;
  log.error('store', `${reason}; the engine does not start`);
}

await mkdir(settings.stateFolder, { recursive: true, mode: 0o700 });
const addresses = Object.values(networkInterfaces()).flatMap((list) =>
  (list ?? []).map(({ address }) => address),
);
const fingerprint = demand(
  await ensureCertificate(settings.etcFolder, [hostname(), 'localhost', ...addresses]),
);
demand(await ensureToken(settings.etcFolder, random));
const current = (): ClusterConfig | undefined => runtime?.state().config.current;
const membership = createMembership({ settings, random, fingerprint, current, found });

async function handle(kind: RequestKind, request: object): Promise<Result<unknown>> {
  switch (kind) {
    case 'cluster.init':
      return membership.init(request as RequestOf<'cluster.init'>);
    case 'cluster.join':
      return membership.join(request as RequestOf<'cluster.join'>);
    case 'cluster.admit':
      return membership.admit(request as RequestOf<'cluster.admit'>);
    case 'cluster.join-secret':
      return membership.joinSecret();
    case 'status':
    case 'nodes':
    case 'luns':
    case 'lun':
    case 'operation':
    case 'lun.create':
    case 'lun.delete':
    case 'cleanup':
    case 'fence-peer':
      return askEngine(kind, request);
    default:
      return assertNever(kind);
  }
}

function askEngine(kind: EngineRequest['kind'], request: object): Promise<Result<unknown>> {
  if (runtime !== undefined) return runtime.request(kind, request);
  if (damage !== undefined) return Promise.resolve(failed(failure('store_damaged', damage)));
  if (kind === 'status') return Promise.resolve(success(emptyStatus));
  if (kind === 'nodes' || kind === 'luns') return Promise.resolve(success([]));
  return Promise.resolve(failed(failure('cluster_missing', 'this node belongs to no cluster yet')));
}

const group = await groupId();
const socket = demand(
  await createEngineSocket({
    path: settings.socketPath,
    mode: 0o660,
    group,
    // The directory and the file's mode keep others out; who gets here is root or of the API's group.
    allow: ({ uid, gid }) => uid === 0 || gid === group,
    handle,
    subscribe: (after, send) => events.subscribe(after, send),
    log,
  }),
);
process.on('SIGTERM', () => {
  log.info('keelsond', 'ends; what runs on this node goes on running');
  void socket.close().finally(() => process.exit(0));
});
await resume();
