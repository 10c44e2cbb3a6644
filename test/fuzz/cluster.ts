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
  /** Attributes of nodes that live until the node restarts: promotion scores, ping results. */
  readonly attributes: readonly NodeAttribute[];
  /** The definition changes: the statement with this head gets another option. */
  readonly edits: readonly { readonly head: string; readonly option: string }[];
  /** Seconds since 1970 at which the scheduler is asked. */
  readonly now: number;
}

export interface NodeAttribute {
  readonly node: string;
  readonly name: string;
  readonly value: string;
}

export const statementText = ({ head, options }: Statement): string => [head, ...options].join(' \\\n    ');
