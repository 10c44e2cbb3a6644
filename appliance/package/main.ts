import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { packages } from './contents.ts';
import { PackageError } from './error.ts';
import { buildPackage } from './package.ts';

const checkout = join(import.meta.dirname, '../..');

const program = new Command('package')
  .description(
    'Builds build/keelson_VERSION_amd64.deb and build/keelson-witness_VERSION_amd64.deb for Debian 12, unless nothing has changed since the last time.',
  )
  .option('--sources <folder>', 'build this checkout instead', checkout)
  .action(async (options: { sources: string }) => {
    for (const contents of packages) {
      const built = await buildPackage({
        sources: resolve(options.sources),
        contents,
        progress: (line) => console.error(`package: ${line}`),
      });
      const size = (statSync(built.path).size / 1024 / 1024).toFixed(1);
      console.log(`${built.path} (${size} MiB, ${built.isNew ? 'new' : 'unchanged'})`);
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof PackageError)) throw error;
  console.error(`package: ${error.message}\n         ${error.nextStep} [${error.code}]`);
  process.exitCode = 1;
}
