/** What can keep a backup of the configuration from being loaded. */
export const backupFailures = {
  backup_damaged: {
    status: 400,
    title: 'This is no backup of a configuration, or a damaged one',
    next: 'Give a file that `keelson config save` has written, whole and unchanged.',
  },
  backup_newer: {
    status: 400,
    title: 'The backup was made by a later version of Keelson',
    next: 'Load it with that version, or a later one.',
  },
  backup_locked: {
    status: 403,
    title: 'The passphrase does not open the backup',
    next: 'Give the passphrase that the backup was saved with; a file that was changed since is not opened by it either.',
  },
  backup_foreign: {
    status: 409,
    title: 'The backup is of another cluster',
    next: 'See that it is the file you mean; then repeat the command with --foreign (REST: "foreign": true).',
  },
} as const;
