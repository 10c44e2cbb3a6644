import type { LunView, OperationView } from '../../../src/model/index.ts';
import { portals, targetName } from '../../trial/cluster-file.ts';
import { testConformance, type Conformance } from '../../trial/conformance.ts';
import { primaryOf } from '../../trial/failover.ts';
import { followed } from '../../trial/snapshots.ts';
import { failsOnStockLio } from './conformance-known.ts';
import type { Scenario } from './scenario.ts';

const NAME = 'conformance';
const INITIATORS = ['iqn.2026-11.com.example:judge-1', 'iqn.2026-11.com.example:judge-2'] as const;
const SIZE = '64MiB';

function judge({ ran, failed, counted }: Conformance): readonly string[] {
  if (counted === undefined) return [`iscsi-test-cu did not come to its end, after ${ran} tests`];
  return [
    ...(counted.ran === ran && counted.failed === failed.length
      ? []
      : [`${ran} tests and ${failed.length} failures were read, and ${JSON.stringify(counted)} told`]),
    ...failed.filter((name) => failsOnStockLio[name] === undefined).map((name) => `${name} failed`),
  ];
}

/** A LUN of its own, which the host that writes does not see. */
export const conformance: Scenario = {
  name: 'conformance',
  what: 'libiscsi’s tests of iSCSI and SCSI against a LUN: nothing fails but what the kernel’s target fails by itself',
  run: async (lab, san) => {
    const node = await primaryOf(san);
    await san.call(node, 'POST', '/hosts', { name: NAME, initiators: INITIATORS });
    const asked = await san.call(node, 'POST', '/luns', { name: NAME, size: SIZE, hosts: [NAME] });
    const operation: OperationView = await followed(san, asked.body);
    if (operation.state !== 'succeeded') return { wrong: ['the LUN was not made'], told: operation.state };
    const { number } = (await san.call(node, 'GET', `/luns/${NAME}`)).body as LunView;
    const said = await testConformance(lab, { portal: portals[0], iqn: targetName, number }, INITIATORS);
    await san.deleteLun(NAME, node);
    await san.call(node, 'DELETE', `/hosts/${NAME}`);
    const better = Object.keys(failsOnStockLio).filter((name) => !said.failed.includes(name));
    return {
      wrong: judge(said),
      told: `${said.ran} tests, ${said.failed.length} failed; of the kernel’s own ${better.length} did not: ${better.join(', ')}`,
    };
  },
};
