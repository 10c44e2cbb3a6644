import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carriesMark } from '../../agents/drbd/prepare.ts';
import { configuredWitness, initialConfig, refusalOfTestDevices } from '../engine/index.ts';
import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type NodeName,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { askAdmission } from '../platform/formation/admission.ts';
import { corosyncConfiguration } from '../platform/formation/corosync-configuration.ts';
import { installCorosync } from '../platform/formation/corosync-service.ts';
import { checkDisk } from '../platform/formation/disk.ts';
import { loadModules } from '../platform/formation/kernel.ts';
import { installLvm } from '../platform/formation/lvm.ts';
import { installToken } from '../platform/formation/token.ts';
import type { Random } from '../ports/index.ts';
import { decodeBundle, encodeBundle } from './bundle.ts';
import type { createJoinSecrets } from './join-secrets.ts';
import type { Sbd } from './sbd.ts';
import type { Settings } from './settings.ts';
import { createTokenChoice, type TokenOptions } from './token.ts';
import type { Witness } from './witness.ts';

/** Corosync reads up to 4096 bytes of key; 256 hex digits carry 128 random bytes. */
export const AUTHKEY_BYTES = 128;

export interface MembershipOptions extends TokenOptions {
  readonly settings: Settings;
  readonly random: Random;
  readonly secrets: ReturnType<typeof createJoinSecrets>;
  readonly sbd: Sbd;
  readonly witness: Witness;
  /** What `uname -n` says. */
  readonly hostName: string;
  /** The configuration of the cluster this node belongs to, as it is now. */
  readonly current: () => ClusterConfig | undefined;
  /** Whether that node is a member just now, as far as this node knows. */
  readonly isOnline: (node: NodeName) => boolean;
  /** Puts the configuration on disk, as this node: from here on the node belongs to the cluster. Then starts the engine. */
  readonly found: (node: NodeName, config: ClusterConfig) => Promise<Result<void>>;
}

export type Membership = ReturnType<typeof createMembership>;

/**
 * Becoming a member. Checks come first and change nothing; host set-up may be repeated; the configuration on disk is
 * what makes a member, and is written last. What is interrupted before that is done again by the next attempt.
 */
export function createMembership(options: MembershipOptions) {
  const { settings, random, secrets, sbd, witness, hostName } = options;
  const tokens = createTokenChoice(options);
  let forming = false;

  async function exclusively<Value>(form: () => Promise<Result<Value>>): Promise<Result<Value>> {
    const present = options.current();
    if (present !== undefined)
      return failed(failure('cluster_exists', `this node belongs to the cluster ${present.clusterName}`));
    if (forming) return failed(failure('cluster_exists', 'this node is being set up just now'));
    forming = true;
    try {
      return await form();
    } finally {
      forming = false;
    }
  }

  /** Sets the host up. Nothing of it makes a member, and all of it may be repeated. */
  function prepare(node: NodeName, config: ClusterConfig, authkey: string): Promise<Result<void>> {
    const disks = Object.values(config.pools).flatMap((pool) => pool.disks[node] ?? []);
    return prepareHost(config, disks, authkey, settings);
  }

  const init = ({
    file: given,
    node,
    overwrite = [],
    witnessSecret,
  }: RequestOf<'cluster.init'>): Promise<Result<ReplyOf<'cluster.init'>>> =>
    exclusively(async () => {
      const untrusted = refusalOfTestDevices(given);
      if (untrusted !== undefined) return failed(untrusted);
      const read = witness.read(given, witnessSecret);
      if (!read.ok) return read;
      const file = read.value;
      const drawnSecrets = { clusterId: random.hex(16), poolSecret: random.hex(16) };
      const drawn = initialConfig(file, drawnSecrets);
      const fit = await checkNode(node, hostName, drawn);
      if (!fit.ok) return fit;
      const checked = await witness.checkFirst(drawn, witnessSecret);
      if (!checked.ok) return checked;
      const guarded = await sbd.checkFirst(drawn, node, overwrite);
      if (!guarded.ok) return guarded;
      const { token, reason } = await tokens.choose(file, node, drawn);
      const chosen = { ...drawn, properties: { ...drawn.properties, token } };
      // Before all other changes, because the secret is good for a while only; what comes of it is not asked for again.
      const certified = await witness.obtain(drawn, witnessSecret);
      if (!certified.ok) return certified;
      const prepared = await prepare(node, chosen, random.hex(AUTHKEY_BYTES));
      if (!prepared.ok) return prepared;
      const disks = await sbd.make(chosen, overwrite);
      if (!disks.ok) return disks;
      const { fenceDevices } = initialConfig(file, drawnSecrets, disks.value);
      const config = { ...chosen, fenceDevices };
      const slots = await sbd.takeSlots(config, node);
      if (!slots.ok) return slots;
      const secret = await secrets.show();
      if (!secret.ok) return secret;
      const member = await options.found(node, config);
      if (!member.ok) return member;
      await sbd.formed();
      return success({ joinSecret: secret.value, token: { milliseconds: token, reason } });
    });

  const joinCluster = ({
    address,
    secret,
    node,
  }: RequestOf<'cluster.join'>): Promise<Result<ReplyOf<'cluster.join'>>> =>
    exclusively(async () => {
      const admitted = await askAdmission({ address, secret, node });
      if (!admitted.ok) return admitted;
      const bundle = decodeBundle(admitted.value);
      if (!bundle.ok) return bundle;
      const { config, authkey, token } = bundle.value;
      const fit = await checkNode(node, hostName, config);
      if (!fit.ok) return fit;
      const configured = witnessed(config);
      const ready = await witness.checkJoining(configured);
      if (!ready.ok) return ready;
      const guarded = await sbd.checkJoining(config, node);
      if (!guarded.ok) return guarded;
      await tokens.compare(node, config);
      const certified = await witness.install(configured, bundle.value.witness);
      if (!certified.ok) return certified;
      const prepared = await prepare(node, config, authkey);
      if (!prepared.ok) return prepared;
      const slots = await sbd.takeSlots(config, node);
      if (!slots.ok) return slots;
      // Last, because with it the API here asks for the cluster's token: a join that fails leaves the old one valid.
      const installed = await installToken(settings.etcFolder, token);
      if (!installed.ok) return installed;
      const member = await options.found(node, config);
      return member.ok ? success({ clusterName: config.clusterName }) : member;
    });

  async function admit({
    secret,
    node,
  }: RequestOf<'cluster.admit'>): Promise<Result<ReplyOf<'cluster.admit'>>> {
    const config = options.current();
    if (config === undefined)
      return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    const accepted = await secrets.accepts(secret, scopeOf(config));
    if (!accepted.ok) return accepted;
    const { replacement } = config;
    if (replacement?.machine === true && replacement.node !== node)
      return failed(failure('join_secret_wrong', `the join secret is for ${replacement.node} alone`));
    if (replacement?.phase === 'keys')
      return failed(failure('replacement_not_ready', 'the keys of the cluster are being issued anew'));
    if (config.nodes[node] === undefined)
      return failed(failure('node_not_found', `the cluster ${config.clusterName} has no node ${node}`));
    if (options.isOnline(node))
      return failed(failure('node_already_member', `${node} is a member of ${config.clusterName} just now`));
    const authkey = (await readFile(join(settings.corosyncFolder, 'authkey'), 'utf8')).trim();
    const token = (await readFile(join(settings.etcFolder, 'token'), 'utf8')).trim();
    const credentials = await witness.credentials(witnessed(config));
    if (!credentials.ok) return credentials;
    const shared = credentials.value === undefined ? {} : { witness: credentials.value };
    return success({ bundle: encodeBundle({ format: 1, config, authkey, token, ...shared }) });
  }

  async function joinSecret(): Promise<Result<ReplyOf<'cluster.join-secret'>>> {
    const config = options.current();
    if (config === undefined)
      return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    const secret = await secrets.show(scopeOf(config));
    return secret.ok ? success({ joinSecret: secret.value }) : secret;
  }

  return { init, join: joinCluster, admit, joinSecret };
}

/** A secret of before a machine was replaced lets nobody in, nor does its own when that is over. */
const scopeOf = ({ replacement }: ClusterConfig): string =>
  replacement?.machine === true ? replacement.operation : '';

/** While a witness comes or goes: as Corosync is configured on the nodes that are there. */
const witnessed = (config: ClusterConfig): Pick<ClusterConfig, 'clusterName' | 'witness'> => {
  const witness = configuredWitness(config);
  return { clusterName: config.clusterName, ...(witness && { witness }) };
};

/** This node is one of the cluster's, and its disk may be taken. Changes nothing. */
async function checkNode(node: NodeName, hostName: string, config: ClusterConfig): Promise<Result<void>> {
  if (config.nodes[node] === undefined)
    return failed(
      failure(
        'node_not_found',
        `the cluster has the nodes ${Object.keys(config.nodes).join(', ')}, not ${node}`,
      ),
    );
  if (node !== hostName)
    return failed(failure('node_name_differs', `the node is ${node} and the host ${hostName} (uname -n)`));
  for (const pool of Object.values(config.pools)) {
    const disk = pool.disks[node];
    // A node that has lost its configuration and joins again keeps its disk: it is this very pool's already.
    if (disk === undefined || (await carriesMark(pool.name, pool.sharedSecret))) continue;
    // A person has said that what it carries may be lost; the agent empties it when it is started.
    const { replacement } = config;
    if (replacement?.node === node && replacement.overwrite?.includes(disk) === true) continue;
    const free = await checkDisk(disk);
    if (!free.ok) return free;
  }
  return success(undefined);
}

/** Kernel modules, LVM's filter, Corosync's configuration. May be repeated. */
async function prepareHost(
  config: ClusterConfig,
  disks: readonly string[],
  authkey: string,
  settings: Settings,
): Promise<Result<void>> {
  const loaded = await loadModules();
  if (!loaded.ok) return loaded;
  const filtered = await installLvm(disks);
  if (!filtered.ok) return filtered;
  const configuration = corosyncConfiguration({
    clusterName: config.clusterName,
    nodes: Object.values(config.nodes),
    token: config.properties.token,
    witness: configuredWitness(config),
  });
  return installCorosync(configuration, authkey, { folder: settings.corosyncFolder });
}
