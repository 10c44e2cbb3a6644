import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type ClusterFile,
  type Result,
} from '../model/index.ts';
import { checkWitness } from '../platform/formation/witness.ts';
import { checkReachable } from '../platform/witness-setup/ask-witness.ts';
import {
  createDeviceCertificates,
  type DeviceCertificates,
  type WitnessCredentials,
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

/** What a witness asks of the nodes while a cluster is formed: programs, and certificates where its connection is encrypted. */
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
      if (witness.tls === 'off')
        return failed(
          failure(
            'cluster_file_invalid',
            'a witness secret is given, and witness.tls is off: make it required',
          ),
        );
      return success({ ...file, witness: { ...witness, tls: witness.tls ?? 'required' } });
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

const isEncrypted = ({ witness }: Witnessed): boolean => witness !== undefined && witness.tls !== 'off';

const askedOf = ({ clusterName, witness }: Witnessed, secret: string | undefined) =>
  witness === undefined || witness.tls === 'off'
    ? undefined
    : { cluster: clusterName, address: witness.address, secret };
