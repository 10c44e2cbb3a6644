import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePrograms } from '../../../appliance/package/bundle.ts';
import { nodePackage } from '../../../appliance/package/contents.ts';
import { measureProcess, outputOf, type Measured } from './measure.ts';

const checkout = join(import.meta.dirname, '../../..');

/** The command as the package has it: one file for Node. */
export interface Ours {
  /** `keelson simulate`, start to end: reads the file, decides, prints the summary. */
  readonly whole: (file: string) => Promise<Measured>;
  /** Seconds of one decision on a document that was read before, after so many others. */
  readonly call: (file: string, warmUps: number, calls: number) => Promise<number>;
}

export async function prepareOurs(folder: string): Promise<Ours> {
  await bundlePrograms(nodePackage, checkout, folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return {
    whole: (file) =>
      measureProcess(process.execPath, [join(folder, 'keelson.js'), 'simulate', '--cib', file]),
    call: async (file, warmUps, calls) => {
      const program = join(import.meta.dirname, 'call.ts');
      return Number(await outputOf(process.execPath, [program, file, String(warmUps), String(calls)]));
    },
  };
}
