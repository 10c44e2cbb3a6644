import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, failure, success, type Result, type WitnessIntent } from '../../model/index.ts';
import { quorumSection } from './corosync-configuration.ts';
import { writeOwned } from './owned-file.ts';

export interface QuorumRules {
  readonly nodes: number;
  /** Undefined: the rules without one. */
  readonly witness: WitnessIntent | undefined;
}

const FOLDER = '/etc/corosync';
/** With one section in it, the witness's, which may have one itself: its heuristics. */
const SECTION = /^quorum \{\n(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*^\}/m;

/** Puts the rules of quorum into a corosync.conf; all else stays as it is. `host_setup_failed` where it has no such section. */
export function withQuorumRules(text: string, { nodes, witness }: QuorumRules): Result<string> {
  if (!SECTION.test(text))
    return failed(failure('host_setup_failed', 'corosync.conf has no section quorum as Keelson writes it'));
  return success(text.replace(SECTION, () => quorumSection(nodes, witness)));
}

/** On this node's disk, for the next start of Corosync, or for the next time that it reads its configuration anew. */
export async function writeQuorumRules(rules: QuorumRules, folder = FOLDER): Promise<Result<void>> {
  const path = join(folder, 'corosync.conf');
  const present = await readFile(path, 'utf8').catch((error: unknown) => String(error));
  const text = withQuorumRules(present, rules);
  if (!text.ok) return text;
  return text.value === present ? success(undefined) : writeOwned(path, text.value, 0o644);
}
