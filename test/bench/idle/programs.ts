import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundlePrograms } from '../../../appliance/package/bundle.ts';
import { nodePackage } from '../../../appliance/package/contents.ts';
import type { Programs } from './engine.ts';

const checkout = join(import.meta.dirname, '../../..');

/** keelsond bundled as the package has it, and an agent host that needs no kernel. */
export async function preparePrograms(folder: string): Promise<Programs> {
  await bundlePrograms(nodePackage, checkout, folder);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  // Native packages stay packages, beside the bundles as on a node.
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const agentHost = join(folder, 'bench-agent-host.js');
  await build({
    entryPoints: [join(import.meta.dirname, 'agent-host.ts')],
    outfile: agentHost,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'silent',
    banner: {
      js: "import { createRequire as bundleCreateRequire } from 'node:module'; const require = bundleCreateRequire(import.meta.url);",
    },
  });
  return { keelsond: join(folder, 'keelsond.js'), agentHost, options: await nodeOptions() };
}

async function nodeOptions(): Promise<readonly string[]> {
  const unit = await readFile(join(checkout, 'systemd/keelsond.service'), 'utf8');
  const found = /^ExecStart=\S+\/node (.*) \S+\/keelsond\.js$/m.exec(unit)?.[1];
  if (found === undefined) throw new Error('the unit of keelsond does not say how it is started');
  return found.split(' ');
}
