// Releases the packages: `changeset version`, build, package checks, commit, `changeset publish`.
// With --dry-run everything happens in a copy of the working tree, and the tarballs are only packed and listed.
// With --publish the versions are committed already (the release workflow's pull request), and what is there is built, checked, published.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { capture, captureNode, pack, publicPackages, root, toolPath } from './workspace.mjs';

const changeset = toolPath('@changesets/cli', 'bin.js');
const pnpm = toolPath('pnpm', 'bin/pnpm.cjs');

function versions(base) {
  return new Map(publicPackages(base).map(({ manifest }) => [manifest.name, manifest.version]));
}

function showVersions(before, after) {
  for (const [name, version] of after) {
    const old = before.get(name);
    console.log(`  ${name} ${old === version ? `${version} (unchanged)` : `${old} → ${version}`}`);
  }
}

/** A copy of the working tree as git sees it (with changes that are not committed), with what the builds wrote. */
function copyWorkingTree(destination) {
  capture('git', ['clone', '--quiet', '--shared', root, destination]);
  const files = capture('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(destination, file)), { recursive: true });
    cpSync(join(root, file), join(destination, file));
  }
  for (const { folder, manifest } of publicPackages()) {
    for (const entry of manifest.files ?? []) {
      const target = join(destination, 'packages', basename(folder), entry);
      if (existsSync(join(folder, entry)) && !existsSync(target)) {
        cpSync(join(folder, entry), target, { recursive: true });
      }
    }
  }
  captureNode([pnpm, 'install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'], {
    cwd: destination,
    env: { ...process.env, CI: 'true' },
  });
}

function rehearse() {
  const copy = mkdtempSync(join(tmpdir(), 'bitnetmcu-release-'));
  try {
    const tree = join(copy, 'tree');
    copyWorkingTree(tree);
    const before = versions(tree);
    captureNode([changeset, 'version'], { cwd: tree });
    console.log('Versions');
    showVersions(before, versions(tree));
    console.log('Tarballs');
    for (const { folder, manifest } of publicPackages(tree)) {
      const tarball = pack(folder, copy);
      console.log(`  ${basename(tarball)}, ${Math.ceil(statSync(tarball).size / 1024)} kB`);
      if (!basename(tarball).includes(manifest.version))
        throw new Error(`${tarball} does not carry ${manifest.version}`);
    }
    console.log('Nothing was published and the working tree is untouched.');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Raises the versions by the waiting changesets. */
function raiseVersions() {
  const changes = capture('git', ['status', '--porcelain'], { cwd: root });
  if (changes !== '') {
    console.error(`The working tree has changes; commit them before a release:\n${changes}`);
    process.exit(1);
  }
  const before = versions(root);
  captureNode([changeset, 'version'], { cwd: root });
  console.log('Versions');
  showVersions(before, versions(root));
}

function buildAndCheck() {
  const script = (...args) => captureNode(args, { cwd: root, stdio: 'inherit' });
  script(join(root, 'scripts', 'turbo.mjs'), 'build', 'build:types');
  script(join(root, 'scripts', 'check-packages.mjs'));
}

function publish() {
  captureNode([changeset, 'publish'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` },
  });
}

if (process.argv.includes('--dry-run')) rehearse();
else if (process.argv.includes('--publish')) {
  buildAndCheck();
  publish();
} else {
  raiseVersions();
  buildAndCheck();
  // Committed only now, so that a failed check leaves nothing behind but changes that `git restore` undoes; tags need the commit.
  capture('git', ['commit', '--quiet', '--all', '--message', 'Release'], { cwd: root });
  publish();
  console.log('Published and tagged. Push both: `git push --follow-tags`.');
}
