import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type ClusterFile,
  type Result,
  type WitnessAsked,
  type WitnessCredentials,
  type WitnessView,
} from '../model/index.ts';
import { checkWitness } from '../platform/formation/witness.ts';
import { checkReachable } from '../platform/witness-setup/ask-witness.ts';
import {
  createDeviceCertificates,
  type DeviceCertificates,
} from '../platform/witness-setup/device-certificates.ts';
import type { Log } from '../ports/index.ts';

export interface WitnessOptions {
  readonly log: Pick<Log, 'info'>;
  readonly certificates?: DeviceCertificates;
  readonly check?: typeof checkWitness;
  readonly reach?: typeof checkReachable;
}

export type Witness = ReturnType<typeof createWitness>;

type Witnessed = Pick<ClusterConfig, 'clusterName' | 'witness'>;

/** What a witness asks of the nodes: programs, and certificates where its connection is encrypted. */
export function createWitness({
  log,
  certificates = createDeviceCertificates({ tell: (line) => log.info('witness', line) }),
  check = checkWitness,
  reach = checkReachable,
}: WitnessOptions) {
  return {
    /** The file as it is meant: a secret is given because of certificates. `cluster_file_invalid` where it is for nothing. */
    read(file: ClusterFile, secret: string | undefined): Result<ClusterFile> {
      const { witness } = file;
      if (secret === undefined) return success(file);
      if (witness === undefined)
        return failed(
          failure('cluster_file_invalid', 'a witness secret is given, and the cluster file has no witness'),
        );
      const read = asMeant(witness);
      return read.ok
        ? success({ ...file, witness: read.value })
        : failed(failure('cluster_file_invalid', read.failure.message));
    },

    /** The same of one that is added; `witness_invalid` where the secret is for nothing. */
    readAsked: (asked: WitnessAsked, secret: string | undefined): Result<WitnessAsked> =>
      secret === undefined ? success(asked) : asMeant(asked),

    reach: (address: string): Promise<Result<void>> => reach(address),

    /** On every node of a cluster that is there, before one is added: it gets what it needs, and looks for the witness. */
    async prepare(config: Witnessed, given: WitnessCredentials | undefined): Promise<Result<void>> {
      const programs = await check(config.witness);
      if (!programs.ok || config.witness === undefined) return programs;
      const installed = isEncrypted(config)
        ? await certificates.install(config.clusterName, given)
        : success(undefined);
      return installed.ok ? reach(config.witness.address) : installed;
    },

    /** On the first node. Changes nothing. */
    async checkFirst(config: Witnessed, secret: string | undefined): Promise<Result<void>> {
      const programs = await check(config.witness);
      const asked = askedOf(config, secret);
      if (!programs.ok || asked === undefined) return programs;
      const certified = await certificates.check(asked);
      return certified.ok ? reach(asked.address) : certified;
    },

    async obtain(config: Witnessed, secret: string | undefined): Promise<Result<void>> {
      const asked = askedOf(config, secret);
      return asked === undefined ? success(undefined) : certificates.obtain(asked);
    },

    /** On every other node. That the witness is away just now keeps nobody from joining. Changes nothing. */
    checkJoining: (config: Witnessed): Promise<Result<void>> => check(config.witness),

    /** For the bundle of a node that joins. */
    async credentials(config: Witnessed): Promise<Result<WitnessCredentials | undefined>> {
      return isEncrypted(config) ? certificates.credentials(config.clusterName) : success(undefined);
    },

    async install(config: Witnessed, given: WitnessCredentials | undefined): Promise<Result<void>> {
      return isEncrypted(config) ? certificates.install(config.clusterName, given) : success(undefined);
    },
  };
}

/** Who gives a secret wants certificates. */
const asMeant = (asked: WitnessAsked): Result<WitnessAsked> =>
  asked.tls === 'off'
    ? failed(
        failure('witness_invalid', 'a witness secret is given, and witness.tls is off: make it required'),
      )
    : success({ ...asked, tls: asked.tls ?? 'required' });

/** The witness that the device on this node asks, as far as the changes have come: it may be started then. */
export function askedWitness({ witness, witnessChange }: ClusterConfig): ClusterConfig['witness'] {
  if (witnessChange === undefined) return witness;
  const { kind, phase, witness: changed } = witnessChange;
  if (kind === 'witness.add') return phase === 'apply' ? changed : witness;
  return phase === 'apply' ? undefined : changed;
}

/** Undefined where there is none, and none comes. */
export function witnessView(config: ClusterConfig, votes: boolean | undefined): WitnessView | undefined {
  const { witness, witnessChange: change } = config;
  const shown = change?.witness ?? witness;
  if (shown === undefined) return undefined;
  const going = change && {
    change: change.kind === 'witness.add' ? ('adding' as const) : ('removing' as const),
  };
  return { address: shown.address, tls: shown.tls, votes, ...going };
}

const isEncrypted = ({ witness }: Witnessed): boolean => witness !== undefined && witness.tls !== 'off';

const askedOf = ({ clusterName, witness }: Witnessed, secret: string | undefined) =>
  witness === undefined || witness.tls === 'off'
    ? undefined
    : { cluster: clusterName, address: witness.address, secret };
