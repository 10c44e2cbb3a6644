import { isForTests, problem, type NodeView, type Problem, type ResourceView } from '../../model/index.ts';
import { fencingRecord, unprovenNodes } from '../config/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitions } from '../executor/definitions.ts';
import { isUnmanaged, policyOf } from '../planner/policy.ts';

/** What an operator has asked for, and what of it a person should not forget. */
export function resourceViews(state: EngineState): readonly ResourceView[] {
  const { config, status } = state;
  const nodes = Object.entries(status.nodes);
  return definitions(state).map(({ id, agent }): ResourceView => ({
    id,
    agent,
    policy: policyOf(config.current, id),
    ...(nodes.every(([node]) => isUnmanaged(config.current, id, node)) ? { unmanaged: true } : {}),
    instances: nodes.map(([node, { instances }]) => {
      const seen = instances[id]?.observation ?? 'unknown';
      return {
        node,
        state: seen === 'unknown' ? seen : seen.state,
        failure: instances[id]?.failures?.failure ?? (seen === 'unknown' ? undefined : seen.problem),
      };
    }),
  }));
}

export function wishesOfNode(
  { config, status }: EngineState,
  name: string,
): Pick<NodeView, 'standby' | 'maintenance' | 'leaving'> {
  const node = config.current.nodes[name];
  return {
    ...(node?.standby === true ? { standby: true } : {}),
    ...(node?.maintenance === true ? { maintenance: true } : {}),
    ...(status.nodes[name]?.leaving === undefined ? {} : { leaving: true }),
  };
}

export function wishProblems(state: EngineState): readonly Problem[] {
  const { config, status } = state;
  const { nodes, properties, resources = {} } = config.current;
  const cluster =
    properties.maintenance === true
      ? [
          problem(
            'cluster_maintenance',
            'The cluster is in maintenance: nothing is watched, mended or moved',
            'keelson cluster maintenance off',
          ),
        ]
      : [];
  const ofNodes = Object.values(nodes).flatMap(({ name, standby, maintenance }) => [
    ...(standby === true
      ? [problem('node_standby', `${name} is in standby: nothing runs there`, `keelson node online ${name}`)]
      : []),
    ...(maintenance === true
      ? [
          problem(
            'node_maintenance',
            `${name} is in maintenance: what runs there is not watched, mended or moved`,
            `keelson node ready ${name}`,
          ),
        ]
      : []),
    ...(status.nodes[name]?.leaving !== undefined && status.nodes[name].state === 'online'
      ? [
          problem(
            'node_leaving',
            `${name} is leaving: what it runs moves away`,
            `Shut it down or restart it when nothing runs there; \`keelson node ready ${name}\` keeps it.`,
          ),
        ]
      : []),
  ]);
  const ofResources = Object.entries(resources)
    .filter(([, policy]) => policy.managed === false || policy.maintenance === true)
    .map(([id, policy]) =>
      problem(
        'resource_unmanaged',
        `${id} is ${policy.maintenance === true ? 'in maintenance' : 'not managed'}: it is left as it is`,
        `keelson resource set ${id} ${policy.maintenance === true ? '--maintenance off' : '--managed on'}`,
      ),
    );
  return [...cluster, ...ofNodes, ...ofResources];
}

/** As long as it is there, whatever it was seen to do. */
export function testDeviceProblems({ config }: EngineState): readonly Problem[] {
  return Object.values(config.current.fenceDevices)
    .filter(isForTests)
    .map(({ name, kind, node }) =>
      problem(
        'fencing_test_only',
        kind === 'null'
          ? `${name} says that ${node} is off and switches nothing: both nodes may write, and data is lost`
          : `${name} asks ${node} to end itself, which a node that hangs does not do: it is only for tests`,
        `Nothing that matters belongs on this cluster. Form it anew with devices that cut the power of ${node}: keelson cluster init --help`,
      ),
    );
}

/** What was never tried is not known to work. */
export function untestedProblems({ config }: EngineState): readonly Problem[] {
  const untested = unprovenNodes(config.current).map((node) =>
    problem(
      'fencing_untested',
      `Nobody has seen that ${node} can be fenced; if it cannot, its failure stops all that it serves`,
      `keelson fence test ${node}`,
    ),
  );
  const waived = Object.entries(fencingRecord(config.current).waivers).map(([node, { reason }]) =>
    problem(
      'fencing_waived',
      `The fencing of ${node} is trusted without a test: ${reason}`,
      `keelson fence test ${node}; then keelson fence waive ${node} --end`,
    ),
  );
  return [...untested, ...waived];
}
