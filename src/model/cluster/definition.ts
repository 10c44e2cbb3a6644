/**
 * A cluster as an administrator writes it down, in Pacemaker's model and with its words: what is read from CIB XML or
 * crm syntax and written back without loss. Everything is kept as it was written (scores, times and booleans are text);
 * what the text means is the scheduler's to say, so that nonsense in one place does not hide the rest.
 */

/** A name with a value. `idRef`: stands for another one with this id. */
export interface Pair {
  readonly id?: string;
  readonly idRef?: string;
  readonly name?: string;
  readonly value?: string;
}

/** Pairs that count together, where `rule` holds. `idRef`: stands for another set with this id. */
export interface PairSet {
  readonly id?: string;
  readonly idRef?: string;
  readonly score?: string;
  readonly rule?: Rule;
  readonly pairs: readonly Pair[];
}

export interface Rule {
  readonly id?: string;
  readonly idRef?: string;
  readonly score?: string;
  /** The node attribute that holds the score. */
  readonly scoreAttribute?: string;
  /** 'and' where absent. */
  readonly booleanOp?: string;
  readonly role?: string;
  readonly expressions: readonly Expression[];
}

/** The fields that a calendar date or a span of time is given by: `hours: '9-16'`, `months: '1'`, ... */
export interface DateFields {
  readonly id?: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type Expression =
  | {
      readonly kind: 'attribute';
      readonly id?: string;
      readonly attribute: string;
      /** lt, gt, lte, gte, eq, ne, defined, not_defined */
      readonly operation: string;
      readonly value?: string;
      /** literal, param, meta */
      readonly valueSource?: string;
      /** string, integer, number, version */
      readonly type?: string;
    }
  | {
      readonly kind: 'date';
      readonly id?: string;
      /** gt, lt, in_range, date_spec */
      readonly operation?: string;
      readonly start?: string;
      readonly end?: string;
      readonly duration?: DateFields;
      readonly spec?: DateFields;
    }
  | { readonly kind: 'resource'; readonly id?: string; readonly agent: Partial<AgentReference> }
  | { readonly kind: 'operation'; readonly id?: string; readonly name?: string; readonly interval?: string }
  | { readonly kind: 'rule'; readonly rule: Rule };

/** Which agent runs a resource: `ocf:linbit:drbd`, `systemd:nfs-server`, `stonith:fence_ipmilan`. */
export interface AgentReference {
  /** ocf, lsb, systemd, service, stonith, ... */
  readonly standard: string;
  readonly provider?: string;
  readonly type: string;
}

/** `fields` as written: name, interval, timeout, role, on-fail, enabled, start-delay, ... without the id. */
export interface OperationDefinition {
  readonly id?: string;
  readonly idRef?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly meta: readonly PairSet[];
  readonly parameters: readonly PairSet[];
}

interface ResourceParts {
  readonly id: string;
  readonly description?: string;
  readonly meta: readonly PairSet[];
  readonly parameters: readonly PairSet[];
}

export interface PrimitiveDefinition extends ResourceParts {
  readonly kind: 'primitive';
  /** Absent where the template tells it. */
  readonly agent?: AgentReference;
  readonly template?: string;
  readonly utilization: readonly PairSet[];
  readonly operations: readonly OperationDefinition[];
  /** `<operations id="..." id-ref="...">`, where given. */
  readonly operationsId?: string;
  readonly operationsIdRef?: string;
}

export interface TemplateDefinition extends Omit<PrimitiveDefinition, 'kind'> {
  readonly kind: 'template';
}

export interface GroupDefinition extends ResourceParts {
  readonly kind: 'group';
  readonly members: readonly PrimitiveDefinition[];
}

export interface CloneDefinition extends ResourceParts {
  readonly kind: 'clone';
  /** Written with the older word `master`: promotable whatever its meta attributes say. */
  readonly isMaster: boolean;
  readonly child: PrimitiveDefinition | GroupDefinition;
}

export type ResourceDefinition = PrimitiveDefinition | GroupDefinition | CloneDefinition;

/** Members of a set: `fields` are sequential, require-all, ordering, action, role, score, kind. */
export interface ResourceSet {
  readonly id?: string;
  readonly idRef?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly resources: readonly string[];
}

/** `fields` as written, without the id. Their words: rsc, node, score, with-rsc, first, then, kind, symmetrical, ... */
export interface ConstraintDefinition {
  readonly kind: 'location' | 'colocation' | 'order' | 'ticket';
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly sets: readonly ResourceSet[];
  readonly rules: readonly Rule[];
  /** Rules for when it counts at all. */
  readonly lifetime?: { readonly id?: string; readonly rules: readonly Rule[] };
}

export interface NodeDefinition {
  readonly id: string;
  /** Name. */
  readonly uname: string;
  /** member, ping, remote; member where absent */
  readonly type?: string;
  readonly description?: string;
  readonly score?: string;
  readonly attributes: readonly PairSet[];
  readonly utilization: readonly PairSet[];
}

export interface Tag {
  readonly id: string;
  readonly references: readonly string[];
}

/** One of `target`, `targetPattern` or `targetAttribute` with `targetValue` says which nodes it is for. */
export interface FencingLevel {
  readonly id?: string;
  readonly target?: string;
  readonly targetPattern?: string;
  readonly targetAttribute?: string;
  readonly targetValue?: string;
  readonly index: string;
  readonly devices: readonly string[];
}

/** A part that the scheduler has no use for (alerts, access lists), kept so that it is written back as it was. */
export interface Opaque {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Opaque | string)[];
}

export interface Configuration {
  readonly properties: readonly PairSet[];
  readonly resourceDefaults: readonly PairSet[];
  readonly operationDefaults: readonly PairSet[];
  readonly nodes: readonly NodeDefinition[];
  readonly resources: readonly ResourceDefinition[];
  readonly templates: readonly TemplateDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly tags: readonly Tag[];
  readonly fencingLevels: readonly FencingLevel[];
  readonly others: readonly Opaque[];
}
