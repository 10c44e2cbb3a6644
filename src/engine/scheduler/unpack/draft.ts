import type { FencingLevel, Finding, ResourceDefinition, TemplateDefinition } from '../../../model/index.ts';
import type { Evaluation } from '../rules/evaluation.ts';
import type { Node } from './node.ts';
import type { PairContext } from './pairs.ts';
import type { DigestsMade } from './digests.ts';
import type { RequestedAction } from './requested.ts';
import type { Resource } from './resource.ts';
import type { Source } from './source.ts';
import type {
  FailedOperation,
  FailureClearing,
  ParameterCheck,
  Settings,
  SortedHistory,
  Unpacked,
} from './unpacked.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** While the first phase runs, its values are filled in; everybody later sees them read-only. */
export type DraftNode = Mutable<Omit<Node, 'attributes' | 'utilization' | 'running' | 'uncleanReasons'>> & {
  readonly attributes: Map<string, string>;
  readonly utilization: Map<string, number>;
  readonly running: Resource[];
  readonly uncleanReasons: string[];
};

export type DraftResource = Mutable<
  Omit<
    Resource,
    | 'parent'
    | 'children'
    | 'meta'
    | 'utilization'
    | 'runningOn'
    | 'knownOn'
    | 'danglingMigrations'
    | 'historyScores'
  >
> & {
  parent: DraftResource | undefined;
  readonly children: DraftResource[];
  readonly meta: Map<string, string>;
  readonly utilization: Map<string, number>;
  readonly runningOn: Node[];
  readonly knownOn: Set<Node>;
  readonly danglingMigrations: Node[];
  readonly historyScores: Map<Node, number>;
};

export interface Draft {
  readonly input: Unpacked['input'];
  readonly configuration: Unpacked['configuration'];
  readonly settings: Mutable<Settings>;
  readonly nodes: DraftNode[];
  controller: DraftNode | undefined;
  readonly resources: DraftResource[];
  readonly all: DraftResource[];
  readonly histories: SortedHistory[];
  readonly tags: Map<string, readonly string[]>;
  readonly tickets: Map<string, { readonly isGranted: boolean; readonly isStandby: boolean }>;
  readonly fencingLevels: readonly FencingLevel[];
  readonly parameterChecks: ParameterCheck[];
  readonly failureClearings: FailureClearing[];
  readonly failedOperations: FailedOperation[];
  readonly condemned: DraftNode[];
  readonly requested: RequestedAction[];
  readonly digests: DigestsMade;
  /** Beside what `evaluation` gathers from rules. */
  recheckAt: number | undefined;
  readonly evaluation: Evaluation;
  readonly pairs: PairContext;
  /** What each resource was made of; every definition that was looked at; templates by id. */
  readonly sources: Map<DraftResource, Source>;
  readonly definitions: Map<ResourceDefinition, Source | undefined>;
  readonly templates: ReadonlyMap<string, TemplateDefinition>;
  readonly findings: Finding[];
}
