// Components for ESP-IDF, Zephyr and CMSIS packs: sources that the compilers take, an example that passes, metadata that parsers read. The tools
// themselves are not here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostileModel } from '../__fixtures__/hostile-model.js';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';

const newFolder = temporaryFolders();
const KINDS = ['esp-idf', 'zephyr', 'cmsis-pack'] as const;
function written(kind: (typeof KINDS)[number], kernels?: string, model = smallModel()) {
  const project = firmwareProject(model, kind, smallInputs, kernels === undefined ? {} : { kernels });
  const folder = newFolder();
  for (const { path, content } of project.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { project, folder };
}

function cc(compiler: string, folder: string, args: readonly string[]): void {
  const { stderr, status } = spawnSync(compiler, args, { cwd: folder, encoding: 'utf8' });
  expect([compiler, stderr, status]).toEqual([compiler, '', 0]);
}

describe.each(KINDS)('%s', (kind) => {
  it.skipIf(isMissing('cc'))('has an example that passes on this machine', () => {
    const { project, folder } = written(kind, 'plain');
    mkdirSync(join(folder, 'mock/zephyr/sys'), { recursive: true });
    // All that the example takes of Zephyr and ESP-IDF.
    writeFileSync(join(folder, 'mock/zephyr/sys/printk.h'), '#include <stdio.h>\n#define printk printf\n');
    writeFileSync(join(folder, 'mock/start.c'), 'void app_main(void);\nint main(void) { app_main(); return 0; }\n');
    const sources = project.files.map(({ path }) => path).filter((path) => path.endsWith('.c'));
    const start = kind === 'esp-idf' ? ['mock/start.c'] : [];
    cc('cc', folder, ['-std=c99', '-Wall', '-Imock', '-Isrc', ...sources, ...start, '-o', 'program']);
    expect(spawnSync(join(folder, 'program'), { encoding: 'utf8' }).stdout).toBe(project.expectedOutput);
    expect(project.expectedOutput).toContain('self-test passed');
  });

  const [compiler, flags] =
    kind === 'esp-idf'
      ? (['riscv64-unknown-elf-gcc', ['-march=rv32imc', '-mabi=ilp32']] as const)
      : (['arm-none-eabi-gcc', ['-mcpu=cortex-m0plus', '-mthumb']] as const);
  it.skipIf(isMissing(compiler)).each(FIRMWARE_KINDS[kind].kernels.map(({ name }) => name))(
    'compiles with %s kernels for a part',
    (kernels) => {
      const { project, folder } = written(kind, kernels);
      const sources = project.files.map(({ path }) => path).filter((path) => /^src\/.*\.[cS]$/.test(path));
      cc(compiler, folder, [...flags, '-std=c99', '-Wall', '-ffreestanding', '-Isrc', '-c', ...sources]);
    },
  );

  it('lists all its sources, each once, in files that parsers read, whatever the texts of the model', () => {
    const { project, folder } = written(kind, undefined, hostileModel(smallModel(), 'zephyr'));
    const ending = kind === 'cmsis-pack' ? '.pdsc' : 'CMakeLists.txt';
    const list = project.files.find(({ path }) => path.endsWith(ending) && !path.includes('/'))!;
    const sources = project.files.map(({ path }) => path).filter((path) => /^src\/.*\.[cS]$/.test(path));
    expect(sources.length).toBeGreaterThan(2);
    expect(list.content.match(/src\/\w+\.[cS]\b/g)!.toSorted()).toEqual(sources.toSorted());
    if (kind === 'esp-idf') {
      const manifest = project.files.find(({ path }) => path === 'idf_component.yml')!.content;
      // YAML's strings in double quotes are JSON's where all is ASCII.
      const [, text] = /^description: (".*")$/m.exec(manifest)!;
      expect(JSON.parse(text!)).toContain('16 int8 inputs');
    }
    if (kind === 'cmsis-pack') expectXml(join(folder, list.path));
  });
});

/** Reads it with a parser, which there is with Python. */
function expectXml(path: string): void {
  const script = `import sys, xml.etree.ElementTree as e
root = e.parse(sys.argv[1]).getroot()
print(','.join(child.tag for child in root))
print(len(root.findall('./components/component/files/file')))`;
  const { status, stdout, error } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
  if (error !== undefined) {
    console.warn('skipped: python3 is not installed');
    return;
  }
  expect(status).toBe(0);
  const [children, count] = stdout.trim().split('\n');
  // The order that PACK.xsd wants.
  expect(children).toBe('vendor,name,description,url,license,releases,components');
  expect(Number(count)).toBeGreaterThan(3);
}
