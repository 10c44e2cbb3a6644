import {
  failures,
  type InstanceStatus,
  type NodeName,
  type NodeStatus,
  type Problem,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitionOf } from '../executor/definitions.ts';
import { inShort, policyOf } from '../planner/index.ts';

/** It was brought to what its definition says, so whatever differs is somebody else's doing. */
export function isDrifted(
  state: EngineState,
  resource: string,
  instance: InstanceStatus | undefined,
): boolean {
  const definition = definitionOf(state, resource);
  return (
    definition !== undefined &&
    instance?.applied !== undefined &&
    instance.applied === inShort(definition.agent, definition.parameters)
  );
}

/** What somebody has changed in the kernel, until it is put right. */
export function driftProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online') return [];
  return Object.entries(node.instances).flatMap(([resource, instance]): readonly Problem[] => {
    const { observation } = instance;
    if (observation === 'unknown' || observation.drift === undefined) return [];
    const { code, message } = observation.drift;
    const isTold = policyOf(state.config.current, resource).onDrift === 'report';
    const isLeft = isTold && code === 'configuration_drifted';
    if (!isLeft && !isDrifted(state, resource, instance)) return [];
    return [
      {
        code,
        severity: 'attention',
        message: `${resource} on ${name}: ${message}`,
        next: isLeft ? `keelson resource set ${resource} --on-drift repair` : failures[code].next,
      },
    ];
  });
}
