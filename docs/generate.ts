import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { apiPage } from './pages/api.ts';
import { cliPage } from './pages/cli.ts';
import { doctorPage } from './pages/doctor.ts';
import { errorsPage } from './pages/errors.ts';
import { findingsPage } from './pages/findings.ts';
import { openApiDocument } from './pages/openapi.ts';
import { answersSchema, setupPage } from './pages/setup.ts';
import { statusPage } from './pages/status.ts';

/**
 * Writes the reference out of the sources that the programs run on. With `--check` it writes nothing and ends with
 * code 1 where a page is not what it would write.
 */
const pages: Readonly<Record<string, () => string>> = {
  'doctor.md': doctorPage,
  'errors.md': errorsPage,
  'findings.md': findingsPage,
  'status.md': statusPage,
  'cli.md': cliPage,
  'api.md': apiPage,
  'openapi.json': openApiDocument,
  'setup.md': setupPage,
  'answers.schema.json': answersSchema,
};

const checkOnly = process.argv.includes('--check');
let stale = 0;
for (const [name, make] of Object.entries(pages)) {
  const path = new URL(name, import.meta.url).pathname;
  const style = (await resolveConfig(path)) ?? {};
  const wanted = await format(make(), { ...style, filepath: path });
  if (read(path) === wanted) continue;
  stale += 1;
  console.log(`docs/${name}: ${checkOnly ? 'stale; run `npm run docs`' : 'written'}`);
  if (!checkOnly) writeFileSync(path, wanted);
}
if (checkOnly && stale > 0) process.exitCode = 1;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
