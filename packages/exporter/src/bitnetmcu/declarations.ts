// What a BitNetMCU header declares: macros and const integer tables, by name. Layers are assembled from these in read-header.ts.
import { ExporterError } from '../errors.js';
import { type Token, tokenize } from './tokenizer.js';

export interface Macro {
  readonly value: number | string | undefined;
  readonly line: number;
}

export type ElementType = 'uint32_t' | 'uint16_t' | 'int8_t';

export interface Table {
  readonly elementType: ElementType;
  readonly values: readonly number[];
  readonly line: number;
}

export interface Declarations {
  readonly macros: ReadonlyMap<string, Macro>;
  readonly tables: ReadonlyMap<string, Table>;
  /** Macros that an #ifndef asks for: include guards. */
  readonly guards: ReadonlySet<string>;
}

const RANGES: Readonly<Record<ElementType, readonly [number, number]>> = {
  uint32_t: [0, 0xffff_ffff],
  uint16_t: [0, 0xffff],
  int8_t: [-128, 127],
};

/** Directives that may open a region; what they test is not evaluated, so only the include guard's form is allowed. */
const IGNORED_DIRECTIVES = new Set(['include', 'pragma']);

/**
 * Reads every macro and table of a header.
 * @throws ExporterError `header-syntax` with the line where the text leaves the subset that BitNetMCU writes.
 */
export function readDeclarations(text: string): Declarations {
  const tokens = tokenize(text);
  const macros = new Map<string, Macro>();
  const tables = new Map<string, Table>();
  const guards = new Set<string>();
  let position = 0;
  let guardDepth = 0;

  const peek = (): Token => tokens[Math.min(position, tokens.length - 1)]!;
  const next = (): Token => {
    const token = peek();
    position++;
    return token;
  };
  const expect = (kind: Token['kind'], wanted: string, tokenText?: string): Token => {
    const token = next();
    if (token.kind !== kind || (tokenText !== undefined && token.text !== tokenText)) throw unexpected(token, wanted);
    return token;
  };
  const skipDirective = () => {
    while (peek().kind !== 'end') position++;
    position++;
  };
  const integer = (): { value: number; line: number } => {
    const negative = peek().kind === 'punctuation' && peek().text === '-';
    if (negative) position++;
    const token = expect('number', 'an integer');
    return { value: negative ? -token.value : token.value, line: token.line };
  };

  const readDefine = () => {
    const name = expect('identifier', 'a macro name after #define');
    let value: number | string | undefined;
    if (peek().kind === 'string' || peek().kind === 'identifier') value = next().text;
    else if (peek().kind !== 'end') value = integer().value;
    expect('end', `the end of the line after #define ${name.text}`);
    if (macros.has(name.text)) {
      throw new ExporterError(
        'header-syntax',
        `Line ${name.line}: ${name.text} is defined twice (first on line ${macros.get(name.text)!.line}); keep one definition`,
        { line: name.line },
      );
    }
    macros.set(name.text, { value, line: name.line });
  };

  const readDirective = (directive: Token) => {
    if (directive.text === 'define') return readDefine();
    if (IGNORED_DIRECTIVES.has(directive.text)) return skipDirective();
    if (directive.text === 'ifndef') {
      guardDepth++;
      guards.add(expect('identifier', 'a macro name after #ifndef').text);
      expect('end', 'the end of the line after #ifndef');
    } else if (directive.text === 'endif') {
      if (guardDepth === 0)
        throw new ExporterError('header-syntax', `Line ${directive.line}: #endif without #ifndef; remove it`, {
          line: directive.line,
        });
      guardDepth--;
      skipDirective();
    } else {
      throw new ExporterError(
        'header-syntax',
        `Line ${directive.line}: found #${directive.text}; only #define, #include, #pragma and one #ifndef … #endif guard are read`,
        { line: directive.line },
      );
    }
  };

  const readTable = () => {
    let sawConst = false;
    let elementType: ElementType | undefined;
    while (peek().kind === 'identifier') {
      const word = peek().text;
      if (word === 'const') sawConst = true;
      else if (word in RANGES) elementType = word as ElementType;
      else if (word !== 'static') break;
      position++;
    }
    if (!sawConst || !elementType)
      throw unexpected(peek(), 'a table: const uint32_t | uint16_t | int8_t name[] = { … };');
    const name = expect('identifier', "the table's name");
    expect('punctuation', '[', '[');
    const declared = peek().kind === 'number' ? next().value : undefined;
    expect('punctuation', ']', ']');
    expect('punctuation', '=', '=');
    expect('punctuation', '{', '{');
    const [lowest, highest] = RANGES[elementType];
    const values: number[] = [];
    while (peek().text !== '}' || peek().kind !== 'punctuation') {
      const { value, line } = integer();
      if (!Number.isInteger(value) || value < lowest || value > highest) {
        throw new ExporterError(
          'header-syntax',
          `Line ${line}: ${value} does not fit ${elementType} (${lowest} … ${highest})`,
          { line },
        );
      }
      values.push(value);
      if (peek().kind === 'punctuation' && peek().text === ',') position++;
      else break;
    }
    expect('punctuation', '} or , in a table', '}');
    expect('punctuation', '; after a table', ';');
    if (declared !== undefined && declared !== values.length) {
      throw new ExporterError(
        'header-syntax',
        `Line ${name.line}: ${name.text} is declared with ${declared} elements but has ${values.length}`,
        { line: name.line },
      );
    }
    if (tables.has(name.text))
      throw new ExporterError('header-syntax', `Line ${name.line}: the table ${name.text} appears twice; keep one`, {
        line: name.line,
      });
    tables.set(name.text, { elementType, values, line: name.line });
  };

  while (position < tokens.length - 1) {
    if (peek().kind === 'directive') readDirective(next());
    else readTable();
  }
  if (guardDepth > 0) {
    const line = peek().line;
    throw new ExporterError(
      'header-syntax',
      `Line ${line}: the text ends inside #ifndef; the file is cut off or #endif is missing`,
      { line },
    );
  }
  return { macros, tables, guards };
}

function unexpected(token: Token, wanted: string): ExporterError {
  const found = token.kind === 'end' ? 'the end of the line or text' : JSON.stringify(token.text.slice(0, 40));
  return new ExporterError('header-syntax', `Line ${token.line}: found ${found}, expected ${wanted}`, {
    line: token.line,
  });
}
