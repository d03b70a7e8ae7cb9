// Where the parts of a front end lie in a memory that its functions are called in, and the arguments of the calls.
import type { FrontEnd } from '@bitnetmcu/models/internal';
import { type FrontEndCall, planFrontEnd } from './calls.js';

/** A call with addresses: the name behind `bnm_`, and its arguments. */
export interface PlacedCall {
  readonly name: string;
  readonly args: readonly number[];
}

export interface PlacedFrontEnd {
  /** The frame: int16, channel-major. */
  readonly frame: number;
  /** The values: int32, channel-major. */
  readonly values: number;
  readonly valueCount: number;
  /** Constants and where they lie. */
  readonly tables: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  /** Of all channels. */
  readonly calls: readonly PlacedCall[];
  /** Behind all of it. */
  readonly end: number;
}

const ALIGNMENT = 4;

/**
 * @param base where memory begins that may be written
 * @param tableBase where constants begin; default: behind that memory
 */
export function placeFrontEnd(frontEnd: FrontEnd, base: number, tableBase?: number): PlacedFrontEnd {
  const plan = planFrontEnd(frontEnd);
  const { channels, frame: length } = frontEnd;
  let top = base;
  const reserve = (bytes: number) => {
    const address = Math.ceil(top / ALIGNMENT) * ALIGNMENT;
    top = address + bytes;
    return address;
  };
  const frame = reserve(plan.frameBytes);
  const filtered = reserve(plan.filteredBytes);
  const scratch = reserve(plan.scratchBytes);
  const values = reserve(4 * channels * plan.values);
  const end = top;
  if (tableBase !== undefined) top = tableBase;
  const tables = new Map(
    plan.calls.flatMap(({ table }) =>
      table ? [[table, { address: reserve(table.byteLength), bytes: bytesOf(table) }]] : [],
    ),
  );
  const call = (channel: number, { name, from, to, takesLength, table, scratchBytes }: FrontEndCall): PlacedCall => ({
    name,
    args: [
      from === 'filtered' ? filtered : frame + 2 * channel * length,
      ...(takesLength ? [length] : []),
      ...(table ? [tables.get(table)!.address] : []),
      ...(scratchBytes > 0 ? [scratch] : []),
      to === 'filtered' ? filtered : values + 4 * (channel * plan.values + to),
    ],
  });
  return {
    ...{ frame, values, valueCount: channels * plan.values },
    tables: [...tables.values()],
    calls: Array.from({ length: channels }, (_, channel) => plan.calls.map((one) => call(channel, one))).flat(),
    end: tableBase === undefined ? top : end,
  };
}

/** Little-endian. */
function bytesOf(table: Int16Array | Uint8Array): Uint8Array {
  if (table instanceof Uint8Array) return table;
  const bytes = new Uint8Array(table.byteLength);
  const view = new DataView(bytes.buffer);
  table.forEach((value, i) => {
    view.setInt16(2 * i, value, true);
  });
  return bytes;
}
