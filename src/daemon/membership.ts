import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initialConfig } from '../engine/index.ts';
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
import { decodeJoinSecret, encodeJoinSecret } from '../platform/formation/join-secret.ts';
import { loadModules } from '../platform/formation/kernel.ts';
import { installLvm } from '../platform/formation/lvm.ts';
import { writeOwned } from '../platform/formation/owned-file.ts';
import { installToken } from '../platform/formation/token.ts';
import type { Random } from '../ports/index.ts';
import { timingSafeEqual } from 'node:crypto';
import { decodeBundle, encodeBundle } from './bundle.ts';
import type { Settings } from './settings.ts';

/** Corosync reads up to 4096 bytes of key; 256 hex digits carry 128 random bytes. */
const AUTHKEY_BYTES = 128;

export interface MembershipOptions {
  readonly settings: Settings;
  readonly random: Random;
  /** SHA-256 of this node's certificate. */
  readonly fingerprint: string;
  /** The configuration of the cluster this node belongs to, as it is now. */
  readonly current: () => ClusterConfig | undefined;
  /** Puts the configuration on disk, as this node: from here on the node belongs to the cluster. Then starts the engine. */
  readonly found: (node: NodeName, config: ClusterConfig) => Promise<Result<void>>;
}

/**
 * Becoming a member. Checks come first and change nothing; host set-up may be repeated; the configuration on disk is
 * what makes a member, and is written last. What is interrupted before that is done again by the next attempt.
 */
export function createMembership(options: MembershipOptions) {
  const { settings, random } = options;
  const secretFile = join(settings.stateFolder, 'join-secret');
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

  async function becomeMember(node: NodeName, config: ClusterConfig, authkey: string): Promise<Result<void>> {
    const disks = Object.values(config.pools).flatMap((pool) => pool.disks[node] ?? []);
    const prepared = await prepareHost(config, disks, authkey, settings);
    return prepared.ok ? options.found(node, config) : prepared;
  }

  const init = ({ file, node }: RequestOf<'cluster.init'>): Promise<Result<ReplyOf<'cluster.init'>>> =>
    exclusively(async () => {
      const config = initialConfig(file, { clusterId: random.hex(16), poolSecret: random.hex(16) });
      const fit = await checkNode(node, config);
      if (!fit.ok) return fit;
      const written = await writeOwned(secretFile, random.hex(16), 0o600);
      if (!written.ok) return written;
      const member = await becomeMember(node, config, random.hex(AUTHKEY_BYTES));
      return member.ok ? joinSecret() : member;
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
      const fit = await checkNode(node, config);
      if (!fit.ok) return fit;
      const installed = await installToken(settings.etcFolder, token);
      if (!installed.ok) return installed;
      const decoded = decodeJoinSecret(secret);
      if (decoded.ok) await writeOwned(secretFile, decoded.value.secret, 0o600);
      const member = await becomeMember(node, config, authkey);
      return member.ok ? success({ clusterName: config.clusterName }) : member;
    });

  async function admit({
    secret,
    node,
  }: RequestOf<'cluster.admit'>): Promise<Result<ReplyOf<'cluster.admit'>>> {
    const config = options.current();
    if (config === undefined)
      return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    const wanted = Buffer.from((await readFile(secretFile, 'utf8').catch(() => '')).trim());
    const given = Buffer.from(secret);
    if (wanted.length === 0 || wanted.length !== given.length || !timingSafeEqual(wanted, given))
      return failed(failure('join_secret_wrong', 'the join secret is another one'));
    if (config.nodes[node] === undefined)
      return failed(failure('node_not_found', `the cluster ${config.clusterName} has no node ${node}`));
    const authkey = (await readFile(join(settings.corosyncFolder, 'authkey'), 'utf8')).trim();
    const token = (await readFile(join(settings.etcFolder, 'token'), 'utf8')).trim();
    return success({ bundle: encodeBundle({ format: 1, config, authkey, token }) });
  }

  async function joinSecret(): Promise<Result<ReplyOf<'cluster.join-secret'>>> {
    const secret = (await readFile(secretFile, 'utf8').catch(() => '')).trim();
    if (secret === '') return failed(failure('cluster_missing', 'this node belongs to no cluster yet'));
    return success({ joinSecret: encodeJoinSecret({ fingerprint: options.fingerprint, secret }) });
  }

  return { init, join: joinCluster, admit, joinSecret };
}

/** This node is one of the cluster's, and its disk may be taken. Changes nothing. */
async function checkNode(node: NodeName, config: ClusterConfig): Promise<Result<void>> {
  if (config.nodes[node] === undefined)
    return failed(
      failure(
        'node_not_found',
        `the cluster has the nodes ${Object.keys(config.nodes).join(', ')}, not ${node}`,
      ),
    );
  for (const pool of Object.values(config.pools)) {
    const disk = pool.disks[node];
    if (disk === undefined) continue;
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
  });
  return installCorosync(configuration, authkey, { folder: settings.corosyncFolder });
}
