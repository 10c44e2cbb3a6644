/**
 * Program: `npm run cases -- [--cases PATH] [--only NAME] [--feature F] [--list-failing KIND] [--json]`.
 * Compares our scheduler with Pacemaker's own cases. The last line is the verdict. Ends with 1 where a case differs that
 * is not listed with its reason (`differences.ts`), or is listed and does not; with 77 where the cases are not there.
 */
import { parseArgs } from 'node:util';
import { answer } from './answer.ts';
import { archivePath, openCases } from './archive.ts';
import { caseNames, readCase } from './cases.ts';
import { compare, KINDS, type Comparison, type Kind } from './compare.ts';
import { difference } from './difference.ts';
import { knownDifferences, surprises } from './differences.ts';
import { table, type Verdict } from './table.ts';

/** As test runners have it: not run, which is neither passed nor failed. */
const SKIPPED = 77;

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    only: { type: 'string' },
    feature: { type: 'string' },
    'list-failing': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const explain = (comparisons: readonly Comparison[]): void => {
  for (const { kind, isEqual, expected, actual, error } of comparisons) {
    console.log(`=== ${kind}: ${isEqual ? 'equal' : 'differs'}`);
    if (error !== undefined) console.log(error);
    else if (!isEqual) console.log(difference(expected, actual).join('\n'));
  }
};

const run = (folder: string): void => {
  const named = values.only;
  const feature = values.feature;
  const chosen = caseNames(folder).filter(
    ([name, features]) =>
      (named === undefined || name === named) && (feature === undefined || features.includes(feature)),
  );
  const verdicts: Verdict[] = [];
  const errors = new Map<string, string>();
  for (const [name, features] of chosen) {
    const test = readCase(folder, name, features);
    const comparisons = compare(test, answer(test));
    if (named !== undefined) explain(comparisons);
    for (const { kind, error } of comparisons) {
      if (error !== undefined) errors.set(`${name} ${kind}`, error.split('\n').slice(0, 2).join(' '));
    }
    verdicts.push({
      name,
      features,
      equal: new Set(comparisons.filter(({ isEqual }) => isEqual).map(({ kind }) => kind)),
    });
  }
  const failing = values['list-failing'];
  if (failing !== undefined) {
    for (const { name, equal } of verdicts) {
      if (!equal.has(failing as Kind)) {
        console.log([name, errors.get(`${name} ${failing}`) ?? ''].join('\t').trimEnd());
      }
    }
  } else if (values.json) {
    console.log(JSON.stringify(verdicts.map((verdict) => ({ ...verdict, equal: [...verdict.equal] }))));
  } else if (named === undefined) {
    console.log(table(verdicts).join('\n'));
    for (const { name } of verdicts) {
      const reason = knownDifferences[name];
      if (reason !== undefined) console.log(`known: ${name}: ${reason}`);
    }
  }
  for (const surprise of surprises(verdicts)) {
    console.error(`surprise: ${surprise}`);
    process.exitCode = 1;
  }
  const count = (kind: Kind): number => verdicts.filter(({ equal }) => equal.has(kind)).length;
  if (!values.json) {
    console.log(
      `cases: ${verdicts.length} run, summary ${count('summary')}, actions ${count('actions')}, edges ${count('edges')}, scores ${count('scores')}`,
    );
  }
};

const path = archivePath(values.cases);
const folder = openCases(path);
const asked = values['list-failing'];
if (asked !== undefined && !KINDS.some((kind) => kind === asked)) {
  console.error(`--list-failing knows ${KINDS.join(', ')}, not '${asked}'`);
  process.exitCode = 2;
} else if (folder === undefined) {
  console.error(`There are no cases at ${path}: name the archive with --cases PATH or KEELSON_CASES.`);
  process.exitCode = SKIPPED;
} else {
  try {
    run(folder.path);
  } finally {
    folder.remove();
  }
}
