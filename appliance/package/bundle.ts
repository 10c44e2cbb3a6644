import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { lazyBuiltins } from './builtins.ts';
import type { PackageContents } from './contents.ts';
import { PackageError } from './error.ts';

/**
 * Bundles every program into one ECMAScript module, so that a node loads one file where it would look for hundreds.
 * Returns what went in.
 */
export async function bundlePrograms(
  { entries, nativePackages }: PackageContents,
  sources: string,
  outputFolder: string,
): Promise<Metafile> {
  const missing = Object.values(entries).filter((entry) => !existsSync(join(sources, entry)));
  if (missing.length > 0) {
    throw new PackageError(
      'entry-missing',
      `there is no ${missing.join(', no ')}`,
      'Write the program, or take it out of appliance/package/contents.ts.',
    );
  }
  try {
    const result = await build({
      absWorkingDir: sources,
      entryPoints: Object.entries(entries).map(([out, entry]) => ({ out, in: entry })),
      outdir: outputFolder,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      external: Object.keys(nativePackages),
      plugins: [lazyBuiltins],
      keepNames: true,
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'none',
      metafile: true,
      logLevel: 'silent',
      // CommonJS packages inside an ECMAScript module still ask for Node's own modules by require.
      banner: {
        js: "import { createRequire as bundleCreateRequire } from 'node:module'; const require = bundleCreateRequire(import.meta.url);",
      },
    });
    return result.metafile;
  } catch (error) {
    throw new PackageError(
      'bundle-failed',
      `esbuild could not bundle the programs:\n${error instanceof Error ? error.message : String(error)}`,
      'Mend what it names; `npm run check:types` says more.',
      { cause: error },
    );
  }
}
