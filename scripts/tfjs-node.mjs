// Installs the real @tensorflow/tfjs-node outside of the workspace, once: its own installation downloads libtensorflow from a host that
// many networks do not reach; here the library comes from PyPI's TensorFlow wheel, and the addon is compiled. Prints the folder, which
// BITNETMCU_TFJS_NODE takes. Usage: node scripts/tfjs-node.mjs [-- command …]: with a command, runs it with that variable set.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const VERSION = '4.22.0';
/** Its C API has what the addon of this version was written for (2.9.1), as a wheel of the last Python that it was built for. */
const WHEEL = { name: 'tensorflow-cpu', version: '2.12.1', python: '3.11', platform: 'manylinux2014_x86_64' };

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bitnetmcu');

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with ${status}`}`);
}

/** Folder with `include/node` of the running Node, for the compiler. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include', 'node', 'node_api.h'))) return prefix;
  if (existsSync('/usr/include/node/node_api.h')) return '/usr';
  throw new Error(
    `The headers of Node are not in ${prefix}/include/node; install Node with its headers (the official archive has them).`,
  );
}

/** @returns the folder whose node_modules holds tfjs-node; a finished one is used again */
export function installTfjsNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `This works on Linux x64; ${process.platform} ${process.arch} found. There, npm install @tensorflow/tfjs-node.`,
    );
  }
  const folder = join(cache, `tfjs-node-${VERSION}`);
  if (existsSync(join(folder, 'installed'))) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'tfjs-node-'));
  try {
    console.error(`Installing @tensorflow/tfjs-node ${VERSION} into ${folder} (about 700 MB, a minute or two) …`);
    writeFileSync(join(work, 'package.json'), '{ "private": true }\n');
    run(
      'npm',
      [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        `@tensorflow/tfjs-node@${VERSION}`,
      ],
      { cwd: work },
    );
    const addon = join(work, 'node_modules', '@tensorflow', 'tfjs-node');
    const deps = join(addon, 'deps');
    mkdirSync(join(deps, 'lib'), { recursive: true });
    const { name, version, python, platform } = WHEEL;
    const where = ['--python-version', python, '--platform', platform, '-d', deps];
    run('python3', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
      ...where,
      `${name}==${version}`,
    ]);
    const wheel = readdirSync(deps).find((file) => file.endsWith('.whl'));
    run('python3', ['-c', UNPACK, join(deps, wheel), deps]);
    rmSync(join(deps, wheel));
    const links = {
      'libtensorflow.so': 'libtensorflow_cc.so.2',
      'libtensorflow.so.2.9.1': 'libtensorflow_cc.so.2',
      'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
    };
    for (const [link, target] of Object.entries(links)) symlinkSync(target, join(deps, 'lib', link));
    // With the library in place its install script compiles the addon only.
    const env = {
      ...process.env,
      npm_config_nodedir: nodeHeaders(),
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    };
    run('npm', ['rebuild', '--loglevel=error', '@tensorflow/tfjs-node'], { cwd: work, env });
    writeFileSync(join(work, 'installed'), `${VERSION}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
    return folder;
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw error;
  }
}

/** The C library and its headers out of the wheel. */
const UNPACK = `
import os, sys, zipfile
wheel, deps = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith('tensorflow/libtensorflow_'): target = os.path.join(deps, 'lib', os.path.basename(name))
        elif name.startswith('tensorflow/include/') and not name.endswith('/'): target = os.path.join(deps, name[len('tensorflow/'):])
        else: continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, 'wb') as output:
            while block := source.read(1 << 20): output.write(block)
`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let folder;
  try {
    folder = installTfjsNode();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const [separator, command, ...args] = process.argv.slice(2);
  if (separator !== '--' || command === undefined) console.log(folder);
  else {
    const env = { ...process.env, BITNETMCU_TFJS_NODE: folder };
    process.exit(spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1);
  }
}
