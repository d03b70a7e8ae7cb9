// Headers as files have them, in front of rows: the host program understands them, or refuses them and says why.
import type { QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { answer, hostPrograms, noHostPrograms } from './__fixtures__/host-programs.js';

const build = hostPrograms();
const ROW = [1, 2, 3, 4, 5];

/** The table with other names of columns. */
function named(names: readonly string[]): QuantizedModel {
  const model = MODELS['table-i16']!;
  const { raw } = model.input;
  const features = raw!.features.map((feature, i) => ({ ...feature, name: names[i]! }));
  return { ...model, input: { ...model.input, raw: { ...raw!, features } } };
}

/** Runs a header, or more lines, in front of a row: what is said, whether the row is answered as it should be, and the exit code. */
function headers(model: QuantizedModel) {
  const run = build(model);
  return (header: string, ...args: readonly string[]) => {
    const { stdout, stderr, status } = run(`${header}\n${ROW.join(',')}\n`, ...args);
    const wanted = answer(model, header.split('\n').length + 1, ROW);
    return [stderr, stdout === wanted ? 'answered' : stdout, status];
  };
}

const understood = ['', 'answered', 0];
const refused = (text: string | RegExp) => [expect.stringMatching(text), '', 2];
const taken = (text: string) => [text, 'answered', 0];

describe.skipIf(noHostPrograms())('the header of the host program', () => {
  const model = MODELS['table-i16']!;

  it('has the names of the columns at their places, whatever parts them', () => {
    const first = headers(model);
    for (const header of [
      'length,pressure,co2,offset,switch',
      '"length";"pressure" ; co2;offset;"switch"',
      'length pressure co2 offset switch',
      '  length \t pressure  co2 offset   switch ',
      'length\tpressure\tco2\toffset\tswitch\r',
      'length,\tpressure,\tco2,\toffset,\tswitch',
      'Length,PRESSURE,CO2,Offset,switch',
      '\n\r\n \t\nlength,pressure,co2,offset,switch',
      '# measured in March\n#, pressure, length\nlength;pressure;co2;offset;switch',
      '# length pressure co2 offset switch',
      '#length,pressure,co2,offset,switch',
    ]) {
      expect(first(header), header).toEqual(understood);
    }
  });

  it('is refused with the columns in another order', () => {
    const first = headers(model);
    expect(first('pressure,length,co2,offset,switch')).toEqual([
      "line 1: column 1 is 'pressure', which is number 2 here; wanted in this order: length, pressure, co2, offset, switch\n",
      '',
      2,
    ]);
    const isFirst = /^line 1: column 1 is 'pressure', which is number 2 here;/;
    expect(first('pressure length  co2 offset switch')).toEqual(refused(isFirst));
    expect(first(' pressure\t\tlength co2\toffset switch')).toEqual(refused(isFirst));
    expect(first('Pressure;Length;CO2;Offset;Switch')).toEqual(refused(isFirst));
    expect(first('# pressure length co2 offset switch')).toEqual(refused(isFirst));
    expect(first('\n# of March\npressure,length,co2,offset,switch')).toEqual(
      refused(/^line 3: column 1 is 'pressure'/),
    );
    expect(first('"time, s",length,pressure,co2,offset')).toEqual(refused(/^line 1: column 2 is 'length', which is n/));
    expect(first('length,length,co2,offset,switch')).toEqual(refused(/^line 1: column 2 is 'length', which is n/));
  });

  it('is said to be another one', () => {
    const first = headers(model);
    const none = "line 1 is no row of numbers: taken as a header, none of whose names is one of the model's\n";
    expect(first('"a, b",pressure,c,d,switch')).toEqual(taken('line 1 names 2 of 5 columns: taken as a header\n'));
    expect(first('a,b,c,d,e')).toEqual(taken(none));
    expect(first('my length of,b')).toEqual(taken(none));
    expect(first('length,pressure,co2,offset,switch,label')).toEqual(
      taken('line 1 has 6 cells, among them all 5 names: taken as a header; rows have 5\n'),
    );
    expect(first('x'.repeat(5000))).toEqual(
      taken('line 1 is longer than 4096 characters: taken as a header, its names are not compared\n'),
    );
    expect(first('"length,pressure,co2,offset,switch')).toEqual(
      refused(/^line 1 ends within quotes; wanted: the names of all columns in one line, or no header/),
    );
  });

  it.each(['nan,2,3,4,5', '1e401;2;3;4;5', '1 2 x 4 5'])(
    'is no row with a bad cell, which would be lost: %s',
    (row) => {
      expect(headers(model)(row)).toEqual(refused(/^line 1 is neither a row of numbers nor the names of the columns/));
    },
  );

  it('comes once, and remarks where they like', () => {
    const run = build(model);
    const header = 'length,pressure,co2,offset,switch\n';
    const twice = run(`${header}1,2,3,4,5\n${header}`);
    expect([twice.stdout, twice.status]).toEqual([answer(model, 2, ROW), 2]);
    expect(twice.stderr).toMatch(/^line 3: value 1 is no number/);
    const both = run(`# ${header}${header}1,2,3,4,5\n`);
    expect([both.stdout, both.stderr, both.status]).toEqual([answer(model, 3, ROW), '', 0]);
    const remarked = run(`# one\n1,2,3,4,5\n  # two, three\n\n1,2,3,4,5\n#\n`);
    expect([remarked.stderr, remarked.status]).toEqual(['', 0]);
    expect(remarked.stdout).toBe(answer(model, 2, ROW) + answer(model, 5, ROW));
  });

  it('has names with quotes, separators and blanks in them', () => {
    const first = headers(named(['a "b"', 'x; y', 'left, cm', 'two  words', '5" pipe']));
    expect(first('"a ""b""","x; y","left, cm",two  words,5" pipe')).toEqual(understood);
    expect(first('"a ""b""";"x; y";left, cm;two  words;"5"" pipe"')).toEqual(understood);
    expect(first('a "b"\tx; y\tleft, cm\ttwo  words\t5" pipe')).toEqual(understood);
    expect(first('"a ""b""" "x; y" "left, cm" "two  words" "5"" pipe"')).toEqual(understood);
    expect(first('"x; y","a ""b""","left, cm",two  words,5" pipe')).toEqual(refused(/^line 1: column 1 is 'x; y'/));
    expect(first('"a ""b""","x; y","left, cm",5" pipe,two  words')).toEqual(refused(/^line 1: column 4 is '5" pipe'/));
  });

  it('has numbers for names', () => {
    const first = headers(named(['1', '2', '3', '4', '2.5']));
    expect(first('1,2,3,4,2.5')).toEqual(
      taken('line 1 has the names of the columns: taken as a header. If it is a row, put their names above it\n'),
    );
    const swapped =
      /^line 1: column 1 is '2', which is number 2 here; .*: 1, 2, 3, 4, 2\.5\. If it is a row, put their names/;
    expect(first('2,1,3,4,2.5')).toEqual(refused(swapped));
    expect(first('2 1 3\t4 2.5')).toEqual(refused(swapped));
    const large = headers(named(['1e3', '2e3', '3E3', '4', '.5e-1']));
    expect(large('1e3,2e3,3E3,4,.5e-1')).toEqual(first('1,2,3,4,2.5'));
    expect(large('2e3,1e3,3E3,4,.5e-1')).toEqual(refused(/^line 1: column 1 is '2e3', which is number 2 here/));
    expect(first('"2";"1";3;4;2.5')).toEqual(refused(/^line 1: column 1 is '2', which is number 2 here; /));
    expect(first('"1";"2";3;4;2.5')).toEqual(understood);
    const model = named(['1', '2', '3', '4', '2.5']);
    const rows = build(model)('1,1,3,4,2.5\n2,1,3,4,2.5\n');
    expect([rows.stderr, rows.status]).toEqual(['', 0]);
    expect(rows.stdout).toBe(answer(model, 1, [1, 1, 3, 4, 2.5]) + answer(model, 2, [2, 1, 3, 4, 2.5]));
  });

  it('has one name twice, and names that differ by blanks or by case only', () => {
    const first = headers(named(['x', 'x', 'x ', 't', 'T']));
    expect(first('x,x,x ,t,T')).toEqual(understood);
    expect(first('x;x;"x ";t;T')).toEqual(understood);
    expect(first('x ,x,x,t,T')).toEqual(refused(/^line 1: column 1 is 'x ', which is number 3 here/));
    expect(first('x,x,x ,T,t')).toEqual(refused(/^line 1: column 4 is 'T', which is number 5 here/));
    expect(first('x,t,x,x,T')).toEqual(refused(/^line 1: column 2 is 't', which is number 4 here/));
  });

  it('is not compared with --windows, which is said', () => {
    const signal = MODELS.signal!;
    const run = build(signal);
    const window = Array.from({ length: 72 }, (_, i) => 10 * i);
    const wanted = answer(signal, 3, window);
    const found = run(`# a window\nz,y,x\n${window.join(' ')}\n`, '--windows');
    expect([found.stdout, found.status]).toEqual([wanted, 0]);
    expect(found.stderr).toBe('line 2 is no row of numbers: taken as a header, its names are not compared\n');
    const steps = run('z,y,x\n1,2,3\n');
    expect([steps.stdout, steps.status]).toEqual(['', 2]);
    expect(steps.stderr).toMatch(/^line 1: column 1 is 'z', which is number 3 here; wanted in this order: x, y, z\n$/);
  });
});
