/** The part of net-snmp that the agent uses; the package brings no types. */
declare module 'net-snmp' {
  export const Version1: number;
  export const Version2c: number;
  export const Version3: number;
  export const ObjectType: { readonly Integer: number };
  export const SecurityLevel: Readonly<Record<'authNoPriv' | 'authPriv', number>>;
  export const AuthProtocols: Readonly<
    Record<'md5' | 'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512', number>
  >;
  export const PrivProtocols: Readonly<Record<'des' | 'aes' | 'aes256b' | 'aes256r', number>>;

  export interface Varbind {
    readonly oid: string;
    readonly type?: number;
    readonly value?: unknown;
  }

  export interface SessionOptions {
    readonly port: number;
    readonly version: number;
    /** Milliseconds for one answer. */
    readonly timeout: number;
    readonly retries: number;
  }

  export interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol: number;
    readonly authKey: string;
    readonly privProtocol?: number;
    readonly privKey?: string;
  }

  export interface Session {
    get(oids: readonly string[], done: (error: Error | null, varbinds: readonly Varbind[]) => void): void;
    set(
      varbinds: readonly Varbind[],
      done: (error: Error | null, varbinds: readonly Varbind[]) => void,
    ): void;
    subtree(
      oid: string,
      maxRepetitions: number,
      feed: (varbinds: readonly Varbind[]) => void,
      done: (error: Error | null) => void,
    ): void;
    on(event: 'error', listener: (error: Error) => void): void;
    close(): void;
  }

  export function createSession(target: string, community: string, options: SessionOptions): Session;
  export function createV3Session(target: string, user: User, options: SessionOptions): Session;
  export function isVarbindError(varbind: Varbind): boolean;
  export function varbindError(varbind: Varbind): string;

  export class RequestFailedError extends Error {
    readonly status: number;
  }
  export class RequestTimedOutError extends Error {}
  export class ResponseInvalidError extends Error {}
}
