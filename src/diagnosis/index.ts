export { diagnoseStatus } from './cluster.ts';
export { diagnoseConfiguration } from './configuration.ts';
export { machineOf } from './machine.ts';
export { examinationOf } from './needs.ts';
export { diagnoseNode } from './node.ts';
export { ownerFindings, pairFindings, type Examined } from './pair.ts';
export { inOrder } from './report.ts';
export { asDiagnoses, type Situation } from './situation.ts';
export { verdictsOf } from './verdict.ts';
