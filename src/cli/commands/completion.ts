import type { Command } from 'commander';
import { usage } from '../failures.ts';
import type { Output } from '../output.ts';

export function completion(program: Command, shell: string, output: Output): void {
  if (shell !== 'bash') throw usage(`there is no completion for ${shell}`, 'Use `keelson completion bash`.');
  output.print(bashCompletion(program));
}

interface Level {
  /** The words that lead here: `lun create`. */
  readonly path: string;
  readonly words: readonly string[];
}

/** What may come after each command: commands below it, its options, and the options of the levels above. */
export function levelsOf(command: Command, path: readonly string[], above: readonly string[]): Level[] {
  const options = [...above, ...command.options.flatMap(({ long }) => long ?? [])];
  return [
    { path: path.join(' '), words: [...command.commands.map((child) => child.name()), ...options, '--help'] },
    ...command.commands.flatMap((child) => levelsOf(child, [...path, child.name()], options)),
  ];
}

/** For bash without the bash-completion package. File names are offered where an option wants a file. */
export function bashCompletion(program: Command): string {
  const cases = levelsOf(program, [], []).map(
    ({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`,
  );
  const commands = levelsOf(program, [], []).flatMap(({ path }) => (path === '' ? [] : [`'${path}'`]));
  return `# bash completion for keelson: put it into /etc/bash_completion.d/keelson
_keelson() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' next word words=''
  case "$previous" in
    --disk|--file|--*-file|--ca|--cib|--save) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
      ${commands.join('|')}) path="$next" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  case "$path $current" in
    'simulate '[!-]*|'convert '[!-]*) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _keelson keelson`;
}
