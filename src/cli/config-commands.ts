import type { Command } from 'commander';
import { leaf, ranBy, sessionOf } from './leaf.ts';

/** `keelson config`: the record of the configuration, and the way back. */
export function addConfig(program: Command): void {
  const config = program.command('config').description('the configuration, its history, and the way back');
  leaf(config, 'show [revision]', 'the configuration as it is, or as it was; secrets are hidden').action(
    async (...given) =>
      (await import('./commands/config.ts')).show(sessionOf(ranBy(given)), given[0] as string | undefined),
  );
  leaf(config, 'history', 'who changed what and when, newest first, as the node asked has it')
    .option('--limit <count>', 'how many changes', '50')
    .action(async (...given) =>
      (await import('./commands/config.ts')).history(sessionOf(ranBy(given)), given[0] as { limit: string }),
    );
  leaf(config, 'diff <from> [to]', 'what differs between two revisions (default: to the present one)').action(
    async (...given) =>
      (await import('./commands/config.ts')).diff(
        sessionOf(ranBy(given)),
        given[0] as string,
        given[1] as string | undefined,
      ),
  );
  leaf(config, 'restore <revision>', 'bring back what a revision asked for; no data is made or destroyed')
    .option('--dry-run', 'only say what would come back, and what would not')
    .option('--force', 'even where data goes out of service by it')
    .action(async (...given) =>
      (await import('./commands/config.ts')).restore(
        sessionOf(ranBy(given)),
        given[0] as string,
        given[1] as { dryRun?: boolean; force?: boolean },
      ),
    );
  const passphrase = [
    '--passphrase-file <file>',
    'what seals the backup: a file, - for standard input, or prompt to be asked',
    'prompt',
  ] as const;
  leaf(config, 'save <file>', 'a backup of the configuration with its secrets, sealed with a passphrase')
    .option(...passphrase)
    .option('--force', 'replace a file that is there')
    .action(async (...given) =>
      (await import('./commands/config-backup.ts')).save(
        sessionOf(ranBy(given)),
        given[0] as string,
        given[1] as { passphraseFile: string; force?: boolean },
      ),
    );
  leaf(config, 'load <file>', 'bring back what a backup asked for; no data is made or destroyed')
    .option(...passphrase)
    .option('--dry-run', 'only say what would come back, and what would not')
    .option('--force', 'even where data goes out of service by it')
    .option('--foreign', 'even where the backup is of another cluster')
    .action(async (...given) =>
      (await import('./commands/config-backup.ts')).load(
        sessionOf(ranBy(given)),
        given[0] as string,
        given[1] as { passphraseFile: string; dryRun?: boolean; force?: boolean; foreign?: boolean },
      ),
    );
  leaf(config, 'lost', 'changes that the node asked knew and lost to another node’s configuration')
    .option('--clear', 'forget them, and end the notice of them')
    .action(async (...given) =>
      (await import('./commands/config.ts')).lost(sessionOf(ranBy(given)), given[0] as { clear?: boolean }),
    );
}
