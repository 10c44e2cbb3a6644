/**
 * Program: `call.ts FILE WARM_UPS CALLS`. Reads a cluster, lets the scheduler decide on it, and prints the seconds that
 * one call took on average after the warm-ups. A process of its own, so that no shape warms up another.
 */
import { readFileSync } from 'node:fs';
import { schedule } from '../../../src/engine/scheduler/schedule.ts';
import { readCib } from '../../../src/formats/cib/index.ts';
import { md5 } from '../../../src/simulate/md5.ts';

const [file = '', warmUps = '', calls = ''] = process.argv.slice(2);
const read = readCib(readFileSync(file, 'utf8'));
if (!read.ok) throw new Error(read.finding.message);
const input = { document: read.document, now: 1_800_000_000, utcOffset: 0, md5, withScores: false };
for (let call = 0; call < Number(warmUps); call += 1) schedule(input);
const begun = performance.now();
for (let call = 0; call < Number(calls); call += 1) schedule(input);
console.log((performance.now() - begun) / 1000 / Number(calls));
