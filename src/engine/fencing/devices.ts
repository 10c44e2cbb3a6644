import { milliseconds, seconds, type Failure, type NodeName, type Result } from '../../model/index.ts';
import { change, changeNode, multicast, sentence, tell, timer, without } from '../controller/draft.ts';
import type { Draft } from '../controller/state.ts';
import { callDevice, levelsOf } from './levels.ts';

/** How often the devices are asked, where they answered the last time and where they did not. */
const EVERY = seconds(60);
const EVERY_WHILE_FAILING = seconds(10);

/**
 * Every node asks, again and again, the fence devices it would have to use: a board that stopped answering, or a
 * password that was changed, is known before the night it is needed. Nothing is switched by that.
 */
export function checkDevices(draft: Draft): void {
  const { status, self } = draft.state;
  const others = Object.entries(status.nodes).filter(([name]) => name !== self);
  const failing = others.some(([, { devices = {} }]) =>
    Object.values(devices).some((device) => device.failure !== undefined),
  );
  timer(draft, 'device-check', milliseconds(failing ? EVERY_WHILE_FAILING : EVERY));
  if (!draft.state.view.complete || Object.keys(draft.state.deviceChecks).length > 0) return;
  for (const [target] of others) {
    if (draft.state.fencing[target] !== undefined) continue;
    for (const device of levelsOf(draft.state, target).flat()) {
      const work = callDevice(draft, device, 'status', 'device-check');
      change(draft, {
        deviceChecks: { ...draft.state.deviceChecks, [work]: { target, device: device.name } },
      });
    }
  }
}

/** Only what is new is told. */
export function onDeviceChecked(draft: Draft, work: string, result: Result<'on' | 'off'>): void {
  const asked = draft.state.deviceChecks[work];
  change(draft, { deviceChecks: without(draft.state.deviceChecks, work) });
  if (asked === undefined) return;
  const failure = result.ok ? undefined : result.failure;
  const known = draft.state.status.nodes[asked.target]?.devices?.[asked.device];
  if (known !== undefined && known.failure?.code === failure?.code) return;
  multicast(draft, { kind: 'fence-device', ...asked, by: draft.state.self, failure });
}

/** Devices that are not in the configuration any more are forgotten with that. */
export function onFenceDevice(
  draft: Draft,
  {
    target,
    device,
    by,
    failure,
  }: {
    readonly target: NodeName;
    readonly device: string;
    readonly by: NodeName;
    readonly failure: Failure | undefined;
  },
): void {
  const known = draft.state.status.nodes[target]?.devices ?? {};
  const configured = levelsOf(draft.state, target)
    .flat()
    .map(({ name }) => name);
  changeNode(draft, target, (node) => ({
    ...node,
    devices: {
      ...Object.fromEntries(Object.entries(known).filter(([name]) => configured.includes(name))),
      [device]: { by, since: draft.now, failure },
    },
  }));
  if (failure !== undefined)
    tell(
      draft,
      'fencing.device',
      { node: target },
      `${device} could not fence ${target} now: ${sentence(failure)}`,
    );
  else if (known[device]?.failure !== undefined)
    tell(draft, 'fencing.device', { node: target }, `${device}, which fences ${target}, answers again`);
}
