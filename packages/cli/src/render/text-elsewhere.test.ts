// Text where it is not only seen: in SVG, in words of a shell, in styles.
import { spawnSync } from 'node:child_process';
import { xmlText } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { UNSEEN } from '../__fixtures__/unseen.js';
import { flameGraph } from './flame-graph.js';
import { shellPath, shellWord } from './shell-word.js';
import { createStyles, styleMark, terminalText, unstyled } from './styled-text.js';
import { renderTable } from './table.js';
import { trainingCurve } from './training-curve.js';

const HOSTILE = [
  '</text><script>alert(1)</script>',
  "\"><g onload='x'>&amp;&#1;&evil;]]>",
  '\u0000\u0001\u001b[2J\u009b\u202e\u200b\ufffe\ud800 ä 模',
];

/** Everything between tags is text: no markup, no bare ampersand, nothing that XML 1.0 forbids. */
function expectWellFormed(svg: string, elements: readonly string[]): void {
  expect(svg).not.toMatch(UNSEEN);
  expect(svg).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
  const open: string[] = [];
  for (const [tag, slash, name, attributes, empty] of svg.matchAll(
    /<(\/?)([\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|</g,
  )) {
    if (name === undefined) expect.unreachable(`a bare < in ${svg.slice(0, 300)}`);
    expect(elements, tag).toContain(name);
    expect(attributes).not.toMatch(/\son/);
    if (slash) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name!);
  }
  expect(open).toEqual([]);
}

describe('SVG', () => {
  it.each(HOSTILE)('takes %j as text', (text) => {
    const leaf = { name: text, calls: 1, selfCycles: 5, totalCycles: 5, children: [] };
    const root = { name: '', calls: 1, selfCycles: 0, totalCycles: 5, children: [leaf] };
    expectWellFormed(flameGraph(root, text, text), ['svg', 'g', 'rect', 'text', 'title']);
    const train = { loss: 1, accuracy: 0.5 };
    const epoch = { epoch: 0, learningRate: 1, train, layers: [], imagesPerSecond: 1, seconds: 1 };
    expectWellFormed(trainingCurve([epoch], text), ['svg', 'rect', 'text', 'line', 'polyline']);
  });

  it('keeps what the text says', () => {
    expect(xmlText('a < b & "c" \'d\'\n')).toBe('a &lt; b &amp; &quot;c&quot; &#39;d&#39;\\n');
  });
});

const WORDS = [
  'model.onnx',
  'zoo:fc-1k',
  'model (1).onnx',
  "it's",
  '$(id) `id` $HOME',
  'a"b\\c',
  '~',
  '=cmd',
  '*?[a]',
  'модель',
  '',
  '; id #',
  '!!',
];

describe('words of a shell', () => {
  it.skipIf(process.platform === 'win32').each(WORDS)('%j is one word, and itself', (word) => {
    const { stdout } = spawnSync('sh', ['-c', `printf '<%s>' ${shellWord(word, 'linux')}`], { encoding: 'utf8' });
    expect(stdout).toBe(`<${word}>`);
  });

  it.skipIf(spawnSync('bash', ['--version']).status !== 0).each(['a\nb', "a\u001b[2J\u202e'\\x", '\u009b'])(
    '%j is itself for bash, and seen',
    (word) => {
      const quoted = shellWord(word, 'linux');
      expect(quoted).toMatch(/^[\x20-\x7e]+$/);
      const { stdout } = spawnSync('bash', ['-c', `printf '<%s>' ${quoted}`], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect(stdout).toBe(`<${word}>`);
    },
  );

  it('leaves plain ones alone; a path is no option', () => {
    expect(shellPath('runs/fc-1k/model.bnm', 'linux')).toBe('runs/fc-1k/model.bnm');
    expect(shellPath('-o', 'linux')).toBe('./-o');
    expect(shellPath('C:\\my models\\a.bnm', 'win32')).toBe('"C:\\my models\\a.bnm"');
    expect(shellPath('C:\\models\\a.bnm', 'win32')).toBe('C:\\models\\a.bnm');
  });
});

describe('styles', () => {
  it('are escape sequences in the terminal, and only they', () => {
    const { bold, red, dim } = createStyles(true);
    expect(terminalText(`${bold(`a${red('b')}c`)}\u001b[31m\u001b[2Jd\n`)).toBe(
      '\u001b[1ma\u001b[31mb\u001b[39mc\u001b[22m\\x1b[31m\\x1b[2Jd\n',
    );
    // What ends the inner one goes on with the outer one, as both are weights.
    expect(terminalText(bold(`a${dim('b')}c`))).toBe('\u001b[1ma\u001b[2mb\u001b[22m\u001b[1mc\u001b[22m');
    expect(unstyled(bold(red('x')))).toBe('x');
    expect(createStyles(false).bold('x')).toBe('x');
  });

  it('cannot be forged without the key of the process', () => {
    expect(terminalText('{0123456789abcdef01234567 8}')).toBe('{0123456789abcdef01234567 8}');
    expect(styleMark('1')).toMatch(/^\{[0-9a-f]{24} 1\}$/);
  });

  it('cells of a table stay on their line', () => {
    const { bold } = createStyles(true);
    const table = renderTable([{ title: 'class' }], [['a\nb'], [bold('c\u001b[2J')]]);
    expect(terminalText(table).split('\n')).toEqual(['class', '────────', 'a\\nb', '\u001b[1mc\\x1b[2J\u001b[22m']);
  });
});
