import {
  failed,
  failure,
  type Diagnosis,
  type DiscoveryView,
  type FenceDeviceFile,
  type Result,
  type SetupView,
} from '../../../model/index.ts';
import type { Step, World } from '../step.ts';
import { done } from '../wait.ts';

/** Both machines look at disks, contents and ways. Milliseconds. */
const LOOK = 330_000;
const ASK_DEVICE = 90_000;

/** Changes nothing. Only before the cluster is formed: afterwards `keelson doctor` looks. */
export const preflight: Step = {
  id: 'preflight',
  title: 'Look at both nodes, their disks, the ways between them, and the power devices',
  alone: true,
  changesNothing: true,
  isDone: ({ clusterName }) => clusterName !== undefined,
  run: async (world) => {
    const { api, plan, tell } = world;
    const body = { code: plan.joinCode, file: plan.file };
    const seen = await api.ask<SetupView>({ method: 'POST', path: '/setup/look', body, timeout: LOOK });
    if (!seen.ok) return seen;
    const { diagnoses } = seen.value;
    for (const one of diagnoses) if (one.weight !== 'informs') tell(diagnosisText(one));
    const forbidding = diagnoses.filter(({ weight }) => weight === 'forbids');
    if (forbidding.length === 0) return askDevices(world);
    const codes = forbidding.map(({ code, node }) => `${node ?? 'both nodes'}: ${code}`);
    return failed(failure('setup_forbidden', codes.join('; ')));
  },
};

const diagnosisText = ({ code, weight, node, found, mend }: Diagnosis): string =>
  `  ${weight} ${node ?? 'both nodes'}: ${found} (${code})\n    ${mend}`;

/** What a device is told of its node, and is not asked with. */
const NOT_ASKED = ['outlets', 'domain', 'level', 'timeout', 'sharesPower'];

/** The other node's device is this node's to reach; its own has to be reached from there, which the tests show later. */
async function askDevices({ api, plan, tell }: World): Promise<Result<void>> {
  for (const { name, fence } of plan.file.nodes) {
    const devices: readonly FenceDeviceFile[] = 'kind' in fence ? [fence] : fence;
    for (const device of devices) {
      if (device.kind !== 'ipmi' && device.kind !== 'pdu' && device.kind !== 'libvirt') continue;
      const asked = Object.fromEntries(Object.entries(device).filter(([key]) => !NOT_ASKED.includes(key)));
      const said = await api.ask<DiscoveryView>({
        method: 'POST',
        path: '/fence-discovery',
        body: { device: asked, nodes: [name] },
        timeout: ASK_DEVICE,
      });
      if (said.ok) tell(`  the power device of ${name} answers: ${said.value.about}`);
      else if (name === plan.nodes[0])
        tell(`  warns ${name}: its own power device does not answer from here: ${said.failure.message}`);
      else return said;
    }
  }
  return done;
}
