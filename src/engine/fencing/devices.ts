import { milliseconds, seconds, type Failure, type NodeName, type Result } from '../../model/index.ts';
import {
  change,
  changeNode,
  multicast,
  sentence,
  tell,
  timer,
  uniqueName,
  scaled,
  without,
} from '../controller/draft.ts';
import { parametersOfFenceDevice, type Draft } from '../controller/state.ts';
import { deviceOf, DEVICE_TIMEOUT } from './fencing.ts';

/** How often the devices are asked, where they answered the last time and where they did not. */
const EVERY = seconds(60);
const EVERY_WHILE_FAILING = seconds(10);

/**
 * Every node asks, again and again, the fence devices it would have to use: a board that stopped answering, or a
 * password that was changed, is known before the night it is needed. Nothing is switched by that.
 */
export function checkDevices(draft: Draft): void {
  const { status, self } = draft.state;
  const others = Object.keys(status.nodes).filter((name) => name !== self);
  const failing = others.some((name) => status.nodes[name]?.device?.failure !== undefined);
  timer(draft, 'device-check', milliseconds(failing ? EVERY_WHILE_FAILING : EVERY));
  if (!draft.state.view.complete || Object.keys(draft.state.deviceChecks).length > 0) return;
  for (const target of others) {
    const device = deviceOf(draft.state, target);
    if (device === undefined || draft.state.fencing[target] !== undefined) continue;
    const work = uniqueName(draft, 'device-check');
    change(draft, { deviceChecks: { ...draft.state.deviceChecks, [work]: target } });
    draft.effects.push({
      kind: 'fence',
      work,
      agent: 'fence-ipmi',
      verb: 'status',
      parameters: parametersOfFenceDevice(device),
      timeout: scaled(draft.state, DEVICE_TIMEOUT * 1000),
    });
  }
}

/** Only what is new is told. */
export function onDeviceChecked(draft: Draft, work: string, result: Result<'on' | 'off'>): void {
  const target = draft.state.deviceChecks[work];
  change(draft, { deviceChecks: without(draft.state.deviceChecks, work) });
  if (target === undefined) return;
  const failure = result.ok ? undefined : result.failure;
  const known = draft.state.status.nodes[target]?.device;
  if (known !== undefined && known.failure?.code === failure?.code) return;
  multicast(draft, { kind: 'fence-device', target, by: draft.state.self, failure });
}

export function onFenceDevice(
  draft: Draft,
  {
    target,
    by,
    failure,
  }: { readonly target: NodeName; readonly by: NodeName; readonly failure: Failure | undefined },
): void {
  const before = draft.state.status.nodes[target]?.device;
  changeNode(draft, target, (node) => ({ ...node, device: { by, since: draft.now, failure } }));
  if (failure !== undefined)
    tell(
      draft,
      'fencing.device',
      { node: target },
      `The fence device of ${target} would fail now: ${sentence(failure)}`,
    );
  else if (before?.failure !== undefined)
    tell(draft, 'fencing.device', { node: target }, `The fence device of ${target} answers again`);
}
