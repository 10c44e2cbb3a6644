/** Program: the engine of a node. Runs as root under systemd; everything else talks to it through its socket. */
import { mkdir, readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { canonical, initialState, type Legacy } from '../engine/index.ts';
import {
  assertNever,
  failed,
  milliseconds,
  seconds,
  success,
  within,
  type ClusterConfig,
  type Failure,
  type Milliseconds,
  type NodeName,
  type NodeTask,
  type ReplyOf,
  type Result,
} from '../model/index.ts';
import { kernelRole } from '../../agents/drbd/kernel-role.ts';
import { createAgentRunner } from '../platform/agent-host/runner.ts';
import {
  createCorosyncHealth,
  createCorosyncTransport,
  createWitnessHealth,
} from '../platform/corosync/index.ts';
import { examine } from '../platform/doctor/examine.ts';
import { certificateFingerprint, ensureCertificate } from '../platform/formation/certificate.ts';
import { ownAddress } from '../platform/formation/own-address.ts';
import { startCorosync } from '../platform/formation/corosync-service.ts';
import { loadModules } from '../platform/formation/kernel.ts';
import { linkPeers } from '../platform/formation/links.ts';
import { groupId, writeOwned } from '../platform/formation/owned-file.ts';
import { ensureToken } from '../platform/formation/token.ts';
import { createSbdHealth } from '../platform/sbd/health.ts';
import { startSbd } from '../platform/sbd/service.ts';
import { createRun } from '../platform/processes/run.ts';
import { checkPortal } from '../platform/portal-check.ts';
import { createEngineSocket } from '../platform/socket/server.ts';
import { createFileStore } from '../platform/store/index.ts';
import { startWatchdog } from '../platform/systemd/watchdog.ts';
import { createClock, createLog, createRandom, digest } from '../platform/world.ts';
import { createDiscovery } from './discovery.ts';
import { createDoctor } from './doctor.ts';
import { createPeers } from './doctor-peers.ts';
import { createDoctorWatch, type DoctorWatch } from './doctor-watch.ts';
import { answerFenceQuestions } from './fence-questions.ts';
import { createEventHistory } from './event-history.ts';
import { createHostNameWatch } from './host-name.ts';
import { createInvitation } from './invitation.ts';
import { createJoinSecrets } from './join-secrets.ts';
import { renewKeys } from './key-renewal.ts';
import { createKeptSecret } from './kept-secret.ts';
import { createMarker, readMarker } from './marker.ts';
import { createMembership } from './membership.ts';
import { createRecords } from './records.ts';
import { createRequests, type Stage } from './requests.ts';
import { readTrail } from './restore.ts';
import { createSbd, sbdOf } from './sbd.ts';
import { createSetup } from './setup.ts';
import { createRest, tidyUp } from './rest.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { readSettings } from './settings.ts';
import { askedWitness, createWitness, witnessView } from './witness.ts';
import { createWitnessRequests } from './witness-requests.ts';
import { createWitnessTasks } from './witness-tasks.ts';
import { whoIsThis, type Identity } from './identity.ts';

/** Of the doctor's own rounds: not while a node that has just booted has enough to do. */
const HOUR = seconds(3600);
const DAY = seconds(24 * 3600);

const settings = readSettings(process.env, join(import.meta.dirname, agentHostName()));
const clock = createClock();
const random = createRandom();
const log = createLog();
startWatchdog(process.env, clock, log);
const store = createFileStore(join(settings.stateFolder, 'config'));
const events = createEventHistory(clock.now(), () => clock.now());
const nodeFile = join(settings.stateFolder, 'node');
const witness = createWitness({ log });
const sbd = createSbd({ stateFolder: settings.stateFolder, log });

let runtime: Runtime | undefined;
let stage: Stage = { kind: 'starting' };
/** The name of this node in its cluster. */
let ownName: NodeName | undefined;
let doctorWatch: DoctorWatch | undefined;

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

const pause = (duration: Milliseconds): Promise<void> =>
  new Promise((resolve) => {
    clock.after(duration, resolve);
  });

/** What the disk holds: `changes` stand behind the snapshot. */
type Beginning = Pick<Extract<Identity, { kind: 'member' }>, 'config' | 'damage' | 'changes'>;

/** The configuration that is on disk comes to life: Corosync, agents, engine. */
async function startEngine(self: NodeName, from: Beginning): Promise<void> {
  const { config, damage, changes } = from;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const loaded = await loadModules();
  if (!loaded.ok) log.error('keelsond', loaded.failure.message);
  const runner = createAgentRunner({ hostProgram: settings.agentHost, node: self, log, clock });
  const marked = await readFile(settings.synchronisedFile, 'utf8').catch(() => '');
  const birth = {
    self,
    incarnation: random.hex(8),
    boot,
    legacy: readMarker(marked, boot),
    config,
    damage,
    changes,
    ...(damage === undefined ? { trail: await readTrail(store) } : {}),
    now: clock.monotonic(),
    digest,
  };
  const marker = createMarker(settings.synchronisedFile, boot, log);
  const transport = createCorosyncTransport({ log });
  const present = (): ClusterConfig => runtime?.state().config.current ?? config;
  const health = createCorosyncHealth({
    peers: () => linkPeers(Object.values(present().nodes)).filter(({ name }) => name !== self),
    token: () => present().properties.token,
    clock,
    log,
  });
  const records = createRecords({ store, digest, current: present, damage });
  const witnessHealth = createWitnessHealth({
    witness: () => askedWitness(present())?.address,
    node: config.nodes[self]?.id ?? 0,
    clock,
  });
  let sbdFailure: Failure | undefined;
  /** A node that nobody could put out takes no part. */
  const startSbdFirst = async (): Promise<Result<void>> => {
    const own = sbdOf(present(), self);
    if (own === undefined) return success(undefined);
    const checked = await sbd.checkDisks(own);
    const started = checked.ok ? await startSbd(self, own, { pause }) : checked;
    sbdFailure = started.ok ? undefined : within('the SBD daemon is not started', started.failure);
    return sbdFailure === undefined ? started : failed(sbdFailure);
  };
  const sbdHealth = createSbdHealth({
    settings: () => sbdOf(present(), self),
    startFailure: () => sbdFailure,
    checkDisk: (disk, uuid) => sbd.checkDisk(disk, uuid),
    clock,
  });
  const startMember = async (): Promise<Result<void>> => {
    const guarded = await startSbdFirst();
    return guarded.ok ? startCorosync({ witness: askedWitness(present()) !== undefined }) : guarded;
  };
  let reviving = false;
  const reviveCorosync = (): void => {
    if (reviving) return;
    reviving = true;
    void startMember().then((started) => {
      if (!started.ok) log.error('corosync', started.failure.message);
      clock.after(milliseconds(5000), () => {
        reviving = false;
        if (runtime?.state().transportUp === false) reviveCorosync();
      });
    });
  };
  doctorWatch = createDoctorWatch({ look: () => doctor.look(), clock, log, soon: HOUR, every: DAY });
  const witnessTask = createWitnessTasks({ witness, corosyncFolder: settings.corosyncFolder, pause });
  const world = {
    clock,
    random,
    log,
    digest,
    transport,
    store,
    agents: runner,
    fencing: runner,
    events,
    witness: (task: NodeTask) => (task.kind === 'keys' ? renewKeys(task, settings) : witnessTask(task)),
    changed: createRest(clock, tidyUp),
    health: [
      health,
      witnessHealth,
      sbdHealth,
      records.health,
      createHostNameWatch(self, hostname, clock),
      doctorWatch,
    ],
  };
  const bequeath = (legacy: Legacy | undefined): void => marker.follow(legacy);
  runtime = startRuntime(initialState(birth), { ...world, reviveCorosync, bequeath, giveUp }, changes.length);
  stage = {
    kind: 'running',
    runtime,
    records,
    witness: () => witnessView(present(), witnessHealth.votes()),
  };
  ownName = self;
  reviveCorosync();
  log.info('keelsond', `engine of ${self} started with revision ${config.revision}`);
}

/** The configuration on disk is what makes a member; the name beside it is this node's own, in that configuration. */
async function found(node: NodeName, config: ClusterConfig): Promise<Result<void>> {
  const text = canonical(config);
  const stored = await store.replace({ revision: config.revision, hash: digest(text), config: text });
  if (!stored.ok) return stored;
  const named = await writeOwned(nodeFile, node, 0o600);
  if (!named.ok) return named;
  await startEngine(node, { config, damage: undefined, changes: [] });
  return success(undefined);
}

async function resume(): Promise<void> {
  const loaded = await store.load();
  if (loaded.ok && loaded.value.damage !== undefined) log.error('store', loaded.value.damage.message);
  const name = (await readFile(nodeFile, 'utf8').catch(absent))?.trim();
  const identity = whoIsThis(loaded, name, hostname(), digest);
  switch (identity.kind) {
    case 'damaged':
      // Better no engine than one with a configuration that nobody agreed to.
      log.error('store', `${identity.failure.message}; the engine does not start`);
      stage = identity;
      return;
    case 'unformed':
      log.info('keelsond', 'this node belongs to no cluster yet');
      stage = identity;
      return;
    case 'member':
      await keepCopy(identity);
      return startEngine(identity.node, identity);
    default:
      return assertNever(identity);
  }
}

/** Beside a log that is whole, so that one that is damaged later can be restored. */
async function keepCopy({ config, damage }: Beginning): Promise<void> {
  if (damage !== undefined) {
    const { revision } = config;
    log.error('store', `${damage.message}; starts with revision ${revision}, the newest it can read`);
    return;
  }
  const text = canonical(config);
  const kept = await store.keep({ revision: config.revision, hash: digest(text), config: text });
  if (!kept.ok) log.error('store', `the copy of the configuration: ${kept.failure.message}`);
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
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
const isOnline = (node: NodeName): boolean => {
  const state = runtime?.state().status.nodes[node]?.state;
  return state === 'online' || state === 'joining';
};
const secretFile = join(settings.stateFolder, 'join-secret');
const secrets = createJoinSecrets({ file: secretFile, random, clock, fingerprint });
const membership = createMembership({
  settings,
  log,
  random,
  secrets,
  sbd,
  witness,
  hostName: hostname(),
  current,
  isOnline,
  found,
});
const invitation = createInvitation({
  hostName: hostname(),
  clock,
  kept: createKeptSecret({ file: join(settings.stateFolder, 'join-code'), random, clock }),
  fingerprint: () => certificateFingerprint(settings.etcFolder),
  ownAddress,
  membership,
  look: examine,
});
const setup = createSetup({ hostName: hostname(), clock, random, membership, current, look: examine });
const discovery = createDiscovery({ hostProgram: settings.agentHost, node: hostname(), log, clock });
const nodes = (): readonly NodeName[] => Object.keys(current()?.nodes ?? {});
const authkey = async (): Promise<string> =>
  (await readFile(join(settings.corosyncFolder, 'authkey'), 'utf8')).trim();
const doctor = createDoctor({
  hostName: hostname(),
  authkey,
  fingerprint: () => certificateFingerprint(settings.etcFolder),
  peers: createPeers(authkey, random, clock),
  found: (diagnoses) => doctorWatch?.found(diagnoses),
  member: () => {
    const config = current();
    return ownName === undefined || config === undefined ? undefined : { node: ownName, config };
  },
  clock,
});
/** For the network to say whether somebody has an address, in milliseconds. */
const PORTAL_PATIENCE = 10_000;

const handle = createRequests({
  stage: () => stage,
  membership,
  doctor,
  discovery,
  nodes,
  witnesses: createWitnessRequests({ witness, current }),
  random,
  setups: { invitation, setup },
  checkPortal: (address, prefix) => checkPortal(address, prefix, { run: createRun(PORTAL_PATIENCE) }),
});

await answerFenceQuestions({
  folder: settings.fenceQuestions,
  // The kernel's handlers run as root, and nobody else may write into the folder.
  ask: (request, gone) =>
    handle('fence-peer', request, { uid: 0, gid: 0, pid: process.pid, gone }) as Promise<
      Result<ReplyOf<'fence-peer'>>
    >,
  role: kernelRole,
  log,
});

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
