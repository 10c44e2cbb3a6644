import { SaxesParser } from 'saxes';
import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { complaint } from '../command.ts';

/** What a fence agent says of itself (the Fence Agent API of ClusterLabs, section 'metadata'). */
export interface Metadata {
  readonly parameters: ReadonlySet<string>;
  /** Each with the older name that does as well; undefined: it has none. */
  readonly required: ReadonlyMap<string, string | undefined>;
  readonly actions: ReadonlySet<string>;
}

/** `agent_failed` where what it printed is no metadata; `command_missing` where there is no such program. */
export async function readMetadata(program: string, context: AgentContext): Promise<Result<Metadata>> {
  const ran = await context.run(program, ['-o', 'metadata']);
  if (!ran.ok) return ran;
  const metadata = ran.value.exitCode === 0 ? parseMetadata(ran.value.stdout) : undefined;
  return metadata === undefined
    ? failed(failure('agent_failed', `${program} does not describe itself: ${complaint(ran.value)}`))
    : success(metadata);
}

export function parseMetadata(xml: string): Metadata | undefined {
  const parameters = new Set<string>();
  const required = new Map<string, string | undefined>();
  const actions = new Set<string>();
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', ({ name, attributes }) => {
    const named = attributes['name'];
    if (named === undefined) return;
    if (name === 'action') actions.add(named);
    if (name !== 'parameter') return;
    parameters.add(named);
    const isOld = attributes['deprecated'] === '1';
    if (attributes['required'] === '1' && !isOld) required.set(named, attributes['obsoletes']);
  });
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return actions.size === 0 ? undefined : { parameters, required, actions };
}
