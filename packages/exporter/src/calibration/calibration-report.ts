// Cycles of benchmarks, measured and simulated, side by side; and which assumptions of the timing model they contradict.
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { type Assumption, type Benchmark, type CodePlace, EMPTY } from './benchmark.js';
import type { CalibrationProject } from './calibration-project.js';

/** Asks for all figures. */
export const RUN_BENCHMARKS = '?\n';

/** Which program prints. */
export interface CalibrationProgram {
  readonly part: string;
  /** Of the benchmarks' code. */
  readonly checksum: number;
}

/** A line of what the program prints. */
export type CalibrationLine =
  | { readonly kind: 'begin'; readonly program: CalibrationProgram }
  | { readonly kind: 'cycles'; readonly key: string; readonly cycles: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'other' };

/** @param line of whatever is at the other end */
export function readCalibrationLine(line: string): CalibrationLine {
  const begin = /^calibrate 1 ([a-z0-9]{1,20}) (\d{1,5})$/.exec(line);
  if (begin) return { kind: 'begin', program: { part: begin[1]!, checksum: Number(begin[2]) } };
  const cycles = /^([a-z0-9-]{1,40}) (flash|ram) (\d{1,9})$/.exec(line);
  if (cycles) return { kind: 'cycles', key: `${cycles[1]} ${cycles[2]}`, cycles: Number(cycles[3]) };
  return line === 'done' ? { kind: 'end' } : { kind: 'other' };
}

/** Cycles by benchmark and place, as printed: with the read of the counter. */
export type PrintedCycles = ReadonlyMap<string, number>;

/** What a built image prints in the simulator. */
export interface SimulatedCalibration {
  readonly program: CalibrationProgram;
  readonly printed: PrintedCycles;
}

/** @param image contents of flash. @throws SimulatorError `run-failed` */
export async function simulateCalibration(
  { simulation }: CalibrationProject,
  image: Uint8Array,
): Promise<SimulatedCalibration> {
  const { output } = await runFirmware(simulation!.target, image, { input: new TextEncoder().encode(RUN_BENCHMARKS) });
  const lines = output.split(/[\r\n]+/).map(readCalibrationLine);
  const [begin] = lines.filter((line) => line.kind === 'begin');
  const printed = new Map(lines.filter((line) => line.kind === 'cycles').map(({ key, cycles }) => [key, cycles]));
  if (begin === undefined || printed.size === 0)
    throw new Error(`the calibration program printed ${JSON.stringify(output)}`);
  return { program: begin.program, printed };
}

export interface CalibrationRow {
  readonly benchmark: Benchmark;
  readonly place: CodePlace;
  /** Cycles of the code between the reads, without those of the reads. */
  readonly simulated: number;
  readonly measured: number | undefined;
}

/** Rows in the order of the benchmarks; those that either side did not print are left out. @param measured undefined: the simulator alone */
export function calibrationRows(
  { benchmarks, places }: Pick<CalibrationProject, 'benchmarks' | 'places'>,
  simulated: PrintedCycles,
  measured: PrintedCycles | undefined,
): readonly CalibrationRow[] {
  return benchmarks
    .filter(({ name }) => name !== EMPTY)
    .flatMap((benchmark) => places.map((place) => ({ benchmark, place })))
    .flatMap(({ benchmark, place }): CalibrationRow[] => {
      const net = (printed: PrintedCycles): number | undefined => {
        const [all, reads] = [printed.get(`${benchmark.name} ${place}`), printed.get(`${EMPTY} ${place}`)];
        return all === undefined || reads === undefined ? undefined : all - reads;
      };
      const cycles = net(simulated);
      const found = measured && net(measured);
      if (cycles === undefined || (measured !== undefined && found === undefined)) return [];
      return [{ benchmark, place, simulated: cycles, measured: found }];
    });
}

/** An assumption that measurements contradict, with the rows that do. */
export interface Contradiction {
  readonly assumption: Assumption;
  readonly text: string;
  readonly rows: readonly CalibrationRow[];
  readonly ofRows: number;
}

/** What the timing models say; sources: simulator/README.md of the runtime, Cortex-M0+ Technical Reference Manual of the RP2040's. */
export const ASSUMPTIONS: Readonly<Record<Assumption, string>> = {
  instruction: 'an instruction takes 1 cycle, whatever the one before gives it',
  'flash-fetch':
    'flash is fetched in lines of 32 bits, each 1 + wait states cycles, up to three lines ahead; RAM never waits',
  load: 'a load from RAM takes 2 cycles',
  'load-from-flash': 'a load from flash takes 2 cycles and the wait states',
  store: 'a store takes 2 cycles',
  'branch-not-taken': 'a branch that is not taken takes 1 cycle',
  jump: 'a jump or taken branch takes what its target takes to be fetched: from RAM 3 cycles on QingKe cores, 2 on the RP2040 (bl 3), from flash more by its wait states',
  'jump-across-lines':
    'the target of a jump that is a long instruction across two lines takes one line more, where fetches are modelled',
  multiply: 'a multiplication takes 1 cycle',
  divide: 'a division takes 17 cycles, whatever its operands',
};

/** Without rounding: one cycle is one cycle too many. */
export function contradictions(rows: readonly CalibrationRow[]): readonly Contradiction[] {
  const names = Object.keys(ASSUMPTIONS) as Assumption[];
  return names.flatMap((assumption) => {
    const own = rows.filter(({ benchmark }) => benchmark.assumption === assumption);
    const wrong = own.filter(({ simulated, measured }) => measured !== undefined && measured !== simulated);
    return wrong.length === 0 ? [] : [{ assumption, text: ASSUMPTIONS[assumption], rows: wrong, ofRows: own.length }];
  });
}
