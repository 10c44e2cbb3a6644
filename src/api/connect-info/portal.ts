/** For a shell, to which the brackets of an IPv6 address mean names of files. */
export const quotedPortal = (portal: string): string => (portal.startsWith('[') ? `'${portal}'` : portal);
