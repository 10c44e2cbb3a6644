import * as z from 'zod';
import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';

/** An address on an interface. */
export interface InterfaceAddress {
  readonly interfaceName: string;
  readonly address: string;
  readonly prefix: number;
  /** The kernel does not use it: another machine has answered to it, or is still being asked for. */
  readonly refused?: boolean;
}

const listing = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z
      .array(z.object({ local: z.string().optional(), prefixlen: z.number().optional() }))
      .optional(),
  }),
);

/** Reads what `ip -json -4 address show` prints. */
export function parseAddresses(text: string): Result<readonly InterfaceAddress[]> {
  try {
    const links = listing.parse(JSON.parse(text));
    return success(
      links.flatMap(({ ifname, addr_info }) =>
        (addr_info ?? []).flatMap(({ local, prefixlen }) =>
          ifname === undefined || local === undefined || prefixlen === undefined
            ? []
            : [{ interfaceName: ifname, address: local, prefix: prefixlen }],
        ),
      ),
    );
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return failed(failure('command_failed', `ip address show is not understood: ${what.slice(0, 300)}`));
  }
}

/** All IPv4 addresses, those on interfaces without a link too: `os.networkInterfaces` does not list these. */
export async function readAddresses(context: AgentContext): Promise<Result<readonly InterfaceAddress[]>> {
  const shown = await runSuccessfully(context, 'ip', ['-json', '-4', 'address', 'show']);
  return shown.ok ? parseAddresses(shown.value.stdout) : shown;
}
