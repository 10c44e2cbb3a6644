/** Where a peer runs: this machine's loopback, or a network of the test's own. */
export interface Host {
  readonly address: string;
  /** What a program is started with so that it runs there. */
  readonly enter: readonly string[];
}

export const loopback: Host = { address: '127.0.0.1', enter: [] };

/** A program and its arguments there. */
export const argvAt = (
  { enter }: Host,
  program: string,
  args: readonly string[],
): readonly [program: string, args: string[]] => {
  const [first = program, ...rest] = [...enter, program, ...args];
  return [first, rest];
};
