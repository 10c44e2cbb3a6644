import { success, type Discovered, type DiscoveredOutlet, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { lookAtContent, type Content } from './content.ts';

/** What each disk carries, and who has a slot on all of them. Reads only. */
export async function discoverDisks(
  disks: readonly string[],
  context: AgentContext,
): Promise<Result<Discovered>> {
  const contents: (readonly [string, Content])[] = [];
  for (const disk of disks) {
    const looked = await lookAtContent(disk, (program, args) => context.run(program, args));
    if (!looked.ok) return looked;
    contents.push([disk, looked.value]);
  }
  const slots = contents.map(([, content]) => (content.kind === 'sbd' ? content.nodes : []));
  const [first = []] = slots;
  const outlets: DiscoveredOutlet[] = first
    .filter((name) => slots.every((names) => names.includes(name)))
    .map((name) => ({ name }));
  return success({
    about: contents.map(([disk, content]) => `${disk}: ${wordsFor(content)}`).join('; '),
    outlets,
  });
}

function wordsFor(content: Content): string {
  if (content.kind === 'empty') return 'empty, so `keelson cluster init` may take it';
  if (content.kind === 'other') return "carries something that is not SBD's";
  const { uuid, watchdog, msgwait } = content.header;
  return `SBD ${uuid}, watchdog ${watchdog} s, msgwait ${msgwait} s`;
}
