import type { HostIntent, HostName, LunName } from './intent.ts';

/** Who a host says it is, or the target to the host, when it logs in (CHAP, RFC 1994). Secret. */
export interface ChapCredentials {
  readonly username: string;
  readonly secret: string;
}

/** Credentials as they are asked for: without a user it is what it was, the host's name, or for the target the cluster's. */
export interface ChapRequest {
  readonly username?: string | undefined;
  readonly secret: string;
}

/** A change of a host: what is absent stays as it is, `null` takes it away. Holds secrets. */
export interface HostChange {
  readonly initiators?: readonly string[] | undefined;
  readonly chap?: ChapCredentials | null | undefined;
  readonly mutualChap?: ChapCredentials | null | undefined;
}

/** The changes of hosts and of who sees which LUN; `engine/config/hosts.ts` and `mappings.ts` apply them. */
export type HostCommand =
  | { readonly kind: 'host.create'; readonly host: HostIntent }
  | { readonly kind: 'host.set'; readonly name: HostName; readonly change: HostChange }
  | { readonly kind: 'host.delete'; readonly name: HostName }
  | {
      readonly kind: 'lun.map';
      readonly name: LunName;
      readonly host: HostName;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'lun.unmap'; readonly name: LunName; readonly host: HostName };

/**
 * Why credentials are refused, in words without the secret; undefined: they are good.
 *
 * RFC 7143, 9.2.1: a secret of less than 96 bits is too short, and that of the target must not be the host's. Windows
 * and ESXi take no more than 16 characters. LIO takes whatever begins with NULL for none.
 */
export function chapProblem({
  chap,
  mutualChap,
}: Pick<HostIntent, 'chap' | 'mutualChap'>): string | undefined {
  for (const [what, credentials] of [
    ['chap', chap],
    ['mutualChap', mutualChap],
  ] as const) {
    if (credentials === undefined) continue;
    const { username, secret } = credentials;
    if (!/^[\x21-\x7e]{1,223}$/.test(username))
      return `${what}.username must be 1 to 223 printable ASCII characters without blanks`;
    if (!/^[\x21-\x7e]{12,16}$/.test(secret))
      return `${what}.secret must be 12 to 16 printable ASCII characters without blanks`;
    if (/^NULL/.test(username) || /^NULL/.test(secret))
      return `neither ${what}.username nor ${what}.secret may begin with NULL, which the kernel takes for none`;
  }
  if (mutualChap === undefined) return undefined;
  if (chap === undefined) return 'mutualChap is for a host that has chap too';
  return mutualChap.secret === chap.secret
    ? 'the secret of mutualChap must be another one than that of chap (RFC 7143, 9.2.1)'
    : undefined;
}
