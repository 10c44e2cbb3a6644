/** The part of net-snmp that the PDU uses; the package brings no types. */
declare module 'net-snmp' {
  export const ObjectType: { readonly Integer: number; readonly OctetString: number };
  export const MaxAccess: Readonly<Record<'not-accessible' | 'read-only' | 'read-write', number>>;
  export const MibProviderType: { readonly Scalar: number; readonly Table: number };
  export const PduType: { readonly SetRequest: number };
  export const AccessLevel: { readonly ReadOnly: number; readonly ReadWrite: number };
  export const AccessControlModelType: { readonly Simple: number };
  export const SecurityLevel: { readonly authPriv: number };
  export const AuthProtocols: { readonly sha: string };
  export const PrivProtocols: { readonly aes: string };

  export interface MibRequest {
    readonly operation: number;
    readonly oid: string;
    readonly setValue?: unknown;
    /** True while a SET is only tried out. */
    readonly testSet?: boolean;
    done(): void;
  }

  export interface TableColumn {
    readonly number: number;
    readonly name: string;
    readonly type: number;
    readonly maxAccess: number;
  }

  export type MibProvider =
    | {
        readonly name: string;
        readonly type: number;
        readonly oid: string;
        readonly scalarType: number;
        readonly maxAccess: number;
      }
    | {
        readonly name: string;
        readonly type: number;
        readonly oid: string;
        readonly maxAccess: number;
        readonly tableColumns: readonly TableColumn[];
        readonly tableIndex: readonly { readonly columnName: string }[];
        readonly handler: (request: MibRequest) => void;
      };

  export interface Mib {
    registerProvider(provider: MibProvider): void;
    setScalarValue(name: string, value: string | number): void;
    addTableRow(name: string, row: readonly (string | number)[]): void;
    setTableSingleCell(name: string, column: number, row: readonly number[], value: string | number): void;
  }

  export interface Authorizer {
    addCommunity(name: string): void;
    addUser(user: {
      readonly name: string;
      readonly level: number;
      readonly authProtocol: string;
      readonly authKey: string;
      readonly privProtocol: string;
      readonly privKey: string;
    }): void;
    getAccessControlModel(): {
      setCommunityAccess(name: string, level: number): void;
      setUserAccess(name: string, level: number): void;
    };
  }

  export interface Agent {
    getMib(): Mib;
    getAuthorizer(): Authorizer;
    close(): void;
  }

  export function createAgent(
    options: {
      readonly port: number;
      readonly address: string;
      readonly transport: 'udp4';
      readonly disableAuthorization: boolean;
      readonly accessControlModelType: number;
    },
    callback: (error: Error | null) => void,
  ): Agent;
}
