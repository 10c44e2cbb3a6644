/** What is recorded beside the parameters themselves and does not count as one. */
const BOOKKEEPING = new Set([
  'id',
  'crm_feature_set',
  'op-digest',
  'on_node',
  'on_node_uuid',
  'pcmk_external_ip',
]);

/** The text whose MD5 is recorded as a digest: one element with the parameters that count, sorted by name. */
export function parametersText(
  parameters: ReadonlyMap<string, string>,
  counts: (name: string) => boolean,
): string {
  let attributes = '';
  for (const name of [...parameters.keys()].sort(byCharacter)) {
    const isBookkeeping =
      BOOKKEEPING.has(name) || (name.startsWith('CRM_meta_') && name !== 'CRM_meta_timeout');
    if (isBookkeeping || !counts(name)) continue;
    attributes += ` ${name}="${escape(parameters.get(name) ?? '')}"`;
  }
  return ` <parameters${attributes}/>\n`;
}

function byCharacter(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
  '\t': '    ',
  '\n': '\\n',
  '\r': '\\r',
};

/** The recorder's own escaping: it stops at the first character beyond ASCII and leaves the rest as it is. */
function escape(value: string): string {
  const foreign = value.search(/[^\0-\x7f]/);
  const plain = foreign === -1 ? value : value.slice(0, foreign);
  const text = plain.replace(
    /[^ !#$%(-;=?-~]/g,
    (character) => REPLACEMENTS[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return foreign === -1 ? text : text + value.slice(foreign);
}

const FENCER_PARAMETERS = new Set([
  'provides',
  'stonith-timeout',
  'pcmk_action_limit',
  'pcmk_delay_base',
  'pcmk_delay_max',
  'pcmk_host_argument',
  'pcmk_host_check',
  'pcmk_host_list',
  'pcmk_host_map',
]);

/** Parameters that the fencer itself reads; agents of fence devices do not know them. */
export function isFencerParameter(name: string): boolean {
  return FENCER_PARAMETERS.has(name) || /^pcmk_[^_]*_(action|timeout|retries)$/.test(name);
}

/** Compares `3.16.0` with `3.9` number by number. */
export function compareVersions(left: string, right: string): number {
  const mine = left.split('.').map(Number);
  const theirs = right.split('.').map(Number);
  for (let index = 0; index < Math.max(mine.length, theirs.length); index += 1) {
    const difference = (mine[index] ?? 0) - (theirs[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
