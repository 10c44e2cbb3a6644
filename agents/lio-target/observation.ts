import { failure, portalText, type Observation } from '../../src/model/index.ts';
import type { Configfs } from '../configfs/configfs.ts';
import { portalGroup } from '../configfs/places.ts';
import { authentication, otherwiseAsked } from './access.ts';
import type { Connections } from './connections.ts';
import type { TargetParameters } from './parameters.ts';
import { readSessions } from './sessions.ts';
import { attributes, keys } from './settings.ts';

function difference(kind: string, found: readonly string[], wanted: readonly string[]): readonly string[] {
  const missing = wanted.filter((name) => !found.includes(name));
  const surplus = found.filter((name) => !wanted.includes(name));
  return [
    ...(missing.length > 0 ? [`without ${kind} ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`with ${kind} ${surplus.join(', ')} that it should not have`] : []),
  ];
}

export async function observe(
  configfs: Configfs,
  connections: Connections,
  parameters: TargetParameters,
): Promise<Observation> {
  const { iqn } = parameters;
  if ((await configfs.folders(`iscsi/${iqn}`)) === undefined) return { state: 'stopped' };
  const group = portalGroup(iqn);
  const enabled = (await configfs.read(`${group}/enable`)) === '1';
  const portals = (await configfs.folders(`${group}/np`)) ?? [];
  const acls = (await configfs.folders(`${group}/acls`)) ?? [];
  const seen = await readSessions(configfs, connections, iqn, acls, parameters.portals);
  const initiators = sorted(seen.flatMap(({ initiator = [] }) => initiator));
  const sessions = await configfs.read(`iscsi/${iqn}/fabric_statistics/iscsi_instance/sessions`);
  const facts = {
    enabled: enabled ? 'yes' : 'no',
    sessions: Number(sessions ?? 0),
    initiators: initiators.join(','),
  };
  const connected = seen.length > 0 ? { sessions: seen } : {};
  if (!enabled)
    return {
      state: 'failed',
      facts,
      ...connected,
      problem: failure('agent_failed', `target ${iqn} is not enabled`),
    };
  const otherwise = await otherwiseAsked(configfs, parameters, acls);
  const changed = [
    ...difference('portal', portals, parameters.portals.map(portalText)),
    ...difference('access for', acls, parameters.initiators),
    ...(otherwise.length > 0 ? [`with other CHAP than it should have for ${otherwise.join(', ')}`] : []),
    ...(await otherSettings(configfs, parameters)),
  ];
  if (changed.length === 0) return { state: 'running', facts, ...connected };
  const drift = failure('configuration_drifted', `target ${iqn} is ${changed.join('; ')}`);
  return { state: 'running', facts, ...connected, drift };
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted();

async function otherSettings(configfs: Configfs, parameters: TargetParameters): Promise<readonly string[]> {
  const group = portalGroup(parameters.iqn);
  const wanted = [
    ...[...attributes, authentication(parameters)].map(([name, value]) => [`attrib/${name}`, value] as const),
    ...keys.map(([name, value]) => [`param/${name}`, value] as const),
  ];
  const found = await Promise.all(wanted.map(([path]) => configfs.read(`${group}/${path}`)));
  return wanted.flatMap(([path, value], index) =>
    found[index] === value ? [] : [`with ${path} ${found[index] ?? 'missing'} instead of ${value}`],
  );
}
