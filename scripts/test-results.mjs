// The tests that the packages' runs of vitest reported, added up.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { root } from './workspace.mjs';

/** What vitest reports in a package's `.cache`: vitest.base.ts names them. */
export const REPORTS = { test: 'test-results.json', long: 'test-results-long.json' };

/** The folders of all packages and examples, the zoo and the fuzzers. */
function workspaceFolders() {
  const inGroups = ['packages', 'examples'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(root, group, name)),
  );
  return [...inGroups, join(root, 'zoo'), join(root, 'fuzz')];
}

/** Removes the reports of earlier runs. */
export function forgetTests() {
  for (const folder of workspaceFolders()) {
    for (const name of Object.values(REPORTS)) rmSync(join(folder, '.cache', name), { force: true });
  }
}

/**
 * The sum over the packages' and examples' vitest reports, with the names of what failed or was skipped.
 * @param {string[]} [names] of the reports to add up; by itself all
 */
export function collectTests(names = Object.values(REPORTS)) {
  const total = { passed: 0, failed: 0, skipped: [] };
  for (const folder of workspaceFolders()) {
    const reports = names.map((name) => join(folder, '.cache', name)).filter((path) => existsSync(path));
    if (reports.length === 0) continue;
    const counts = { passed: 0, failed: 0 };
    for (const report of reports) {
      const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
      counts.passed += numPassedTests;
      for (const file of testResults) addFile(file, counts, total.skipped);
    }
    console.log(`  ${basename(folder)}: ${counts.passed} passed, ${counts.failed} failed`);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  return total;
}

/** Counts and prints what failed in a file, and adds the names of what was skipped. */
function addFile(file, counts, skipped) {
  const name = relative(root, file.name);
  // A file that cannot even be loaded has no failed test of its own.
  if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
    counts.failed++;
    console.log(`✗ ${name}: ${file.message}`);
  }
  for (const test of file.assertionResults) {
    if (test.status === 'failed') {
      counts.failed++;
      console.log(`✗ ${name}: ${test.fullName}`);
    } else if (test.status !== 'passed') {
      skipped.push(`${name}: ${test.fullName}`);
    }
  }
}
