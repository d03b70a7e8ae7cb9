// The kernels that images and exported C name, by number: a view of the format records of @bitnetmcu/quant.
import {
  type FastKernel,
  FORMAT_NAMES,
  type FormatName,
  formats,
  type PlainKernel,
  type WeightFormat,
} from '@bitnetmcu/quant';
import { RuntimeError } from '../errors.js';

/** The kernel of hosts, which reads integers and so belongs to no format. */
export const INT16_KERNEL = 64;

/** A plain kernel with the formats that it serves. */
interface PlainEntry {
  readonly kernel: PlainKernel;
  /** The first of them: all have the same integers and packing. */
  readonly format: WeightFormat;
  readonly names: readonly FormatName[];
}

/** A fast kernel with its name: bnm_linear_<name>. */
interface FastEntry {
  readonly name: string;
  readonly kernel: FastKernel;
}

/** A kernel of coded weights with its name and that of its format. */
interface CodedEntry {
  readonly name: string;
  readonly kernel: NonNullable<WeightFormat['coded']>;
  readonly format: WeightFormat;
}

/** Every kernel once, by kind, in the order of the registry. */
export interface KernelGroups {
  readonly plain: readonly PlainEntry[];
  readonly nomul: readonly FastEntry[];
  readonly mul: readonly FastEntry[];
  /** Kernels of coded weights, which every build has. */
  readonly coded: readonly CodedEntry[];
  readonly avr: readonly FastEntry[];
  /** Plain kernels whose weights are listed by a function of their own in convolutions. */
  readonly lists: readonly PlainEntry[];
}

/** The kernels of these formats. */
function kernelGroups(registered: readonly WeightFormat[]): KernelGroups {
  const plain = new Map<number, PlainEntry>();
  const nomul = new Map<number, FastEntry>();
  const mul = new Map<number, FastEntry>();
  const coded = new Map<number, CodedEntry>();
  const avr = new Map<number, FastEntry>();
  for (const format of registered) {
    const { kernel, fast, name } = format;
    const known = plain.get(kernel.number);
    plain.set(kernel.number, known ? { ...known, names: [...known.names, name] } : { kernel, format, names: [name] });
    if (fast) nomul.set(fast.nomul.number, { name: `${kernel.name}_nomul`, kernel: fast.nomul });
    if (fast?.rows) nomul.set(fast.rows.number, { name: `${kernel.name}_rows`, kernel: fast.rows });
    if (format.coded) coded.set(format.coded.number, { name: `${kernel.name}_coded`, kernel: format.coded, format });
    if (fast?.mul) mul.set(fast.mul.number, { name: `${kernel.name}_mul`, kernel: fast.mul });
    if (fast?.avr) avr.set(fast.avr.number, { name: `${kernel.name}_avr`, kernel: fast.avr });
  }
  const entries = [...plain.values()];
  const lists = entries.filter(({ format }) => format.fast?.list !== undefined);
  return {
    plain: entries,
    nomul: [...nomul.values()],
    mul: [...mul.values()],
    avr: [...avr.values()],
    coded: [...coded.values()],
    lists,
  };
}

/** The kernels of all registered formats. */
export const KERNELS = kernelGroups(FORMAT_NAMES.map((name) => formats[name]));

/** How exported C calls the kernel of a linear layer. */
export interface LinearKernel {
  /** The function, with the arguments of bnm_linear_4bitsym. */
  readonly function: string;
  /** Where it is declared. */
  readonly header: 'bnm.h' | 'bnm_fast.h';
  /** Element type of its table: `uint32_t` where the kernel reads aligned words. */
  readonly element: 'uint8_t' | 'uint32_t';
}

/** @throws RuntimeError `unknown-kernel` where no format has it */
export function linearKernel(number: number): LinearKernel {
  const plain = KERNELS.plain.find(({ kernel }) => kernel.number === number);
  if (plain) return { function: `bnm_linear_${plain.kernel.name}`, header: 'bnm.h', element: 'uint8_t' };
  const fast = [...KERNELS.nomul, ...KERNELS.mul].find(({ kernel }) => kernel.number === number);
  if (fast) return { function: `bnm_linear_${fast.name}`, header: 'bnm_fast.h', element: 'uint32_t' };
  const coded = KERNELS.coded.find(({ kernel }) => kernel.number === number);
  if (coded) return { function: `bnm_linear_${coded.name}`, header: 'bnm.h', element: 'uint32_t' };
  const avr = KERNELS.avr.find(({ kernel }) => kernel.number === number);
  if (avr) return { function: `bnm_linear_${avr.name}`, header: 'bnm_fast.h', element: 'uint8_t' };
  return refuseKernel('linear layers', number);
}

/**
 * The function that unpacks a convolution's weights.
 * @throws RuntimeError `unknown-kernel` where no format has the number as that of its plain kernel
 */
export function unpackFunction(number: number): string {
  return `bnm_unpack_${plainEntry(number).kernel.name}`;
}

/**
 * The function by which bnm_conv_norm lists a convolution's weights.
 * @throws RuntimeError `unknown-kernel` as unpackFunction
 */
export function listFunction(number: number): string {
  return `bnm_list_${plainEntry(number).format.fast?.list ?? 'digits'}`;
}

/** BNM_CHAIN_*: functions of bnm_fast.h. */
const CHAIN_FUNCTIONS: readonly string[] = ['conv_chain_nomul', 'conv_chain_mul', 'conv_chain_avr'];

/**
 * @param isChosen whether only chosen channels run
 * @throws RuntimeError `unknown-kernel` for a number that no kernel of convolution chains has
 */
export function chainFunction(number: number, isChosen: boolean): string {
  const name = CHAIN_FUNCTIONS[number] ?? refuseKernel('chains of convolutions', number);
  return `bnm_${isChosen ? 'chosen_' : ''}${name}`;
}

function plainEntry(number: number): PlainEntry {
  const found = KERNELS.plain.find(({ kernel }) => kernel.number === number);
  if (found) return found;
  return refuseKernel('convolutions', number);
}

function refuseKernel(where: string, number: number): never {
  const known = KERNELS.plain.map(({ kernel }) => `${kernel.number} (${kernel.name})`).join(', ');
  throw new RuntimeError(
    'unknown-kernel',
    `There is no kernel ${number} for ${where}; plain kernels are ${known}. Lay the model out again with this version of @bitnetmcu/mcu-runtime.`,
  );
}
