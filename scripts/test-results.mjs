// The tests that the packages' runs of vitest reported, added up.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { root } from './workspace.mjs';

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
  for (const folder of workspaceFolders()) rmSync(join(folder, '.cache', 'test-results.json'), { force: true });
}

/** The sum over the packages' and examples' vitest reports, with the names of what failed or was skipped. */
export function collectTests() {
  const total = { passed: 0, failed: 0, skipped: [] };
  for (const folder of workspaceFolders()) {
    const report = join(folder, '.cache', 'test-results.json');
    if (!existsSync(report)) continue;
    const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
    let failed = 0;
    for (const file of testResults) {
      // A file that cannot even be loaded has no failed test of its own.
      if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
        failed++;
        console.log(`✗ ${relative(root, file.name)}: ${file.message}`);
      }
      for (const test of file.assertionResults) {
        if (test.status === 'failed') {
          failed++;
          console.log(`✗ ${relative(root, file.name)}: ${test.fullName}`);
        } else if (test.status !== 'passed') {
          total.skipped.push(`${relative(root, file.name)}: ${test.fullName}`);
        }
      }
    }
    console.log(`  ${basename(folder)}: ${numPassedTests} passed, ${failed} failed`);
    total.passed += numPassedTests;
    total.failed += failed;
  }
  return total;
}
