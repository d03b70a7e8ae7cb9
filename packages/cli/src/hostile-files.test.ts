// A model whose text once ran a program, through the command: it does its work, runs nothing, and shows all of the text as text.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantize } from '@bitnetmcu/exporter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHarmless } from './__fixtures__/harmless.js';
import { type HostileFiles, writeHostileFiles } from './__fixtures__/hostile-files.js';
import { runWarm } from './__fixtures__/run-cli.js';
import { STYLE, UNSEEN } from './__fixtures__/unseen.js';
import { EXIT_CODES } from './exit-codes.js';

let files: HostileFiles;
beforeAll(async () => {
  files = await writeHostileFiles();
}, 60_000);
afterAll(() => rmSync(files.cwd, { recursive: true, force: true }));

it('hostile.bnm: verify, export, firmware', async () => {
  await expectHarmless(files, 'hostile.bnm', quantize(files.trained).model, ['ch32v003']);
}, 120_000);

describe('what a terminal is shown of them', () => {
  const commands = () => [
    ['inspect', 'hostile.bnm'],
    ['inspect', 'hostile.bnt'],
    ['infer', 'hostile.bnm', '0', '1', '2', ...files.data],
    ['verify', 'hostile.bnm', '--implementations', 'typescript,wasm', '--images', '5', ...files.data],
    ['sim', 'hostile.bnm', '--images', '2', '--profile', 'flames.svg', ...files.data],
    ['export', 'hostile.bnm', '-o', 'shown', '--format', 'c,bnm,onnx,bitnetmcu'],
    ['data', ...files.data, '--data-labels', 'a\u001b[2J,b\u202e,c\nd,d', '--show', '0'],
  ];

  it('is visible, whatever the command', async () => {
    for (const args of commands()) {
      const { exitCode, stdout, stderr } = await files.run(...args);
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
      expect(stdout + stderr, args.join(' ')).not.toMatch(UNSEEN);
      // No line of ours is made by a line feed of theirs.
      expect(stdout, args.join(' ')).not.toMatch(/^✓ identical logits on all images$/m);
    }
    const inspected = await files.run('inspect', 'hostile.bnm');
    expect(inspected.stdout).toContain('\\x1b]0;title\\x07\\x1b[2J\\x9b8m\\x1b[8m');
    expect(inspected.stdout).toContain('title                \\u202egnp.x\\u2066\\u200b');
    expect(readFileSync(join(files.cwd, 'flames.svg'), 'utf8')).not.toMatch(UNSEEN);
  }, 60_000);

  it('has no colours but our own', async () => {
    for (const args of commands().slice(0, 4)) {
      const { stdout, stderr } = await runWarm(args, { cwd: files.cwd, environment: { FORCE_COLOR: '1' } });
      const shown = stdout + stderr;
      for (const [, style] of shown.matchAll(STYLE)) {
        expect(style).toMatch(/^(?:0|1|2|22|31|32|33|36|39|38;5;\d+;48;5;\d+)$/);
      }
      expect(shown.replace(STYLE, ''), args.join(' ')).not.toMatch(UNSEEN);
    }
  }, 60_000);

  it('as JSON is escaped and complete', async () => {
    for (const args of commands()) {
      const { stdout, stderr } = await files.run(...args, '--json');
      expect(stdout + stderr, args.join(' ')).not.toMatch(UNSEEN);
      expect(JSON.parse(stdout)).toBeDefined();
    }
    const { stdout } = await files.run('inspect', 'hostile.bnm', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ labels: files.labels(), provenance: files.trained.provenance });
  }, 60_000);

  it('of files and keys with such names too', async () => {
    writeFileSync(join(files.cwd, 'keys.yaml'), '"ep\\e[2Joch\\nerror": 1\nepochs: "\\u202e7"\n');
    const name = 'no\u001b[2J\u202e\nerror [bug] such';
    for (const args of [
      ['train', 'keys.yaml'],
      ['verify', name],
      ['inspect', `${name}.json`],
      ['export', 'hostile.bnm', '--name', name],
      ['import', 'evil.h', '--name', name],
    ]) {
      const { exitCode, stdout, stderr } = await files.run(...args);
      expect(exitCode).not.toBe(EXIT_CODES.ok);
      expect(stdout + stderr).not.toMatch(UNSEEN);
      expect(stderr).not.toContain('    at ');
      expect(stderr.split('\n').slice(1).join('\n'), args.join(' ')).not.toMatch(/^error/m);
    }
    const unknown = await files.run('verify', 'hostile.bnm', '--\u001b[2J');
    expect(unknown.stderr).toContain("unknown option '--\\x1b[2J'");
    writeFileSync(join(files.cwd, 'no\u001b[2J\nmodel'), 'x');
    const { stderr } = await files.run('inspect', 'no\u001b[2J\nmodel');
    expect(stderr).toContain('no\\x1b[2J\\nmodel is no model');
  });
});
