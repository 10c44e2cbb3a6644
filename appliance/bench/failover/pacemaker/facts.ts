import { readFileSync } from 'node:fs';
import { boardPasswordFile, boardUser } from '../../../lab/bmc/board.ts';
import type { Lab } from '../../../lab/lab.ts';
import { boardAddress, networks, storageNodeNames, type NetworkName } from '../../../lab/topology.ts';
import { initiator, targetName } from '../../../trial/cluster-file.ts';
import type { ClusterFacts } from './configuration.ts';

export const drbdResource = 'pool1';
export const volumeGroup = 'keelson_pool1';

const storage: readonly NetworkName[] = ['storage-a', 'storage-b'];

/** The lab as Pacemaker is told of it: the pool, the target and the boards that Keelson had. */
export const labFacts = (lab: Lab): ClusterFacts => ({
  nodes: storageNodeNames.map((name) => ({
    name,
    board: boardAddress(name),
    username: boardUser,
    password: readFileSync(boardPasswordFile(lab.settings, name), 'utf8').trim(),
  })),
  drbdResource,
  volumeGroup,
  iqn: targetName,
  initiator,
  networks: storage.map((name) => ({
    interfaceName: networks[name].interfaceName,
    prefix: `10.77.${networks[name].index}`,
  })),
});
