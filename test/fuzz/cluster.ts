/**
 * One made-up cluster and what happens to it. Statements are crm shell syntax in pieces, so that a difference can be
 * made smaller by leaving pieces out.
 */
export interface FuzzedCluster {
  readonly seed: number;
  readonly nodes: readonly string[];
  readonly statements: readonly Statement[];
  readonly steps: readonly Step[];
}

export interface Statement {
  /** What must stay: `primitive lun1 ocf:heartbeat:Dummy`. */
  readonly head: string;
  /** What may go, piece by piece: `meta priority=5`. */
  readonly options: readonly string[];
}

/** What happens before the scheduler is asked (again). */
export interface Step {
  /** Injected by crm_simulate: `--node-fail=a`, `--op-inject=lun1_monitor_10000@a=7`, ... */
  readonly flags: readonly string[];
  /** Attributes of nodes that live until the node restarts: promotion scores, ping results, requests to shut down. */
  readonly attributes: readonly NodeAttribute[];
  readonly edits: readonly Edit[];
  readonly marks: readonly Mark[];
  /** Seconds since 1970 at which the scheduler is asked. */
  readonly now: number;
}

export interface NodeAttribute {
  readonly node: string;
  readonly name: string;
  readonly value: string;
}

/** The definition changes. `gone`: the resource, and whatever speaks of it. */
export type Edit =
  | { readonly kind: 'gets'; readonly head: string; readonly option: string }
  | { readonly kind: 'loses'; readonly head: string; readonly option: string }
  | { readonly kind: 'gone'; readonly resource: string };

/** The history changes in ways that no event of crm_simulate's makes. */
export type Mark =
  /** What the cluster layer says of the node: `join`, `expected`, `crmd`, `in_ccm`. */
  | { readonly kind: 'membership'; readonly node: string; readonly fields: Readonly<Record<string, string>> }
  /** The newest operation has not ended yet. */
  | { readonly kind: 'pending'; readonly node: string; readonly resource: string }
  | { readonly kind: 'forgotten'; readonly node: string; readonly resource: string }
  /** It runs on another node, too. */
  | { readonly kind: 'doubled'; readonly node: string; readonly other: string; readonly resource: string }
  /** It was started with other parameters than the definition's; `reloads`: its agent can take on all of them. */
  | { readonly kind: 'changed'; readonly node: string; readonly resource: string; readonly reloads: boolean }
  /** All of it happened so many seconds ago. */
  | { readonly kind: 'aged'; readonly node: string; readonly resource: string; readonly seconds: number };

export const statementText = ({ head, options }: Statement): string => [head, ...options].join(' \\\n    ');
