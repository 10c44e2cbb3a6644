import type { Session } from '../program.ts';
import { followCreation } from './luns.ts';

export interface CloneOptions {
  readonly target?: string;
  readonly host?: readonly string[];
  readonly readOnlyHost?: readonly string[];
  readonly wait: boolean;
}

export async function clone(
  session: Session,
  from: string,
  name: string,
  { target, host, readOnlyHost, wait }: CloneOptions,
): Promise<void> {
  const named = [...(host ?? []), ...(readOnlyHost ?? [])];
  const hosts = named.length === 0 ? undefined : [...new Set(named)];
  const body = { name, from, target, hosts, readOnlyHosts: readOnlyHost };
  await followCreation(session, '/clones', body, wait);
}
