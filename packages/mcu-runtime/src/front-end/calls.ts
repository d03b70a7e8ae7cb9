// Which functions of the C runtime compute a frame, in order: what WebAssembly, the simulated parts and exported C call.
import { type Feature, type Filter, type FrontEnd, featureNames, powerShift } from '@bitnetmcu/models/internal';
import { unknownValue } from '../unknown-value.js';

/** A constant that a call reads: int16 coefficients or bytes. */
export type CallTable = Int16Array | Uint8Array;

/** `bnm_<name>(x, frame?, table?, scratch?, y)` for one channel. */
export interface FrontEndCall {
  readonly name: string;
  /** x: the channel's frame as it came, or what the filters have made of it. */
  readonly from: 'frame' | 'filtered';
  /** Whether the call says how many values x has; else its table does. */
  readonly takesLength: boolean;
  readonly table?: CallTable;
  /** Bytes of uint32 that it works in. */
  readonly scratchBytes: number;
  /** y: the filtered frame, or the int32 from this one of the channel's values on. */
  readonly to: 'filtered' | number;
}

/** What a front end keeps in memory for a frame, in bytes, and how many values a channel of it gives. */
export interface FrontEndPlan {
  readonly calls: readonly FrontEndCall[];
  readonly values: number;
  readonly frameBytes: number;
  readonly filteredBytes: number;
  readonly scratchBytes: number;
  readonly tableBytes: number;
}

/** The calls of one channel, and what they need. */
export function planFrontEnd(frontEnd: FrontEnd): FrontEndPlan {
  const { channels, frame, filters, features } = frontEnd;
  let from: FrontEndCall['from'] = 'frame';
  const filterCalls = filters.map((filter): FrontEndCall => {
    const call = { ...filterCall(filter), from, to: 'filtered' as const };
    from = 'filtered';
    return call;
  });
  let at = 0;
  const featureCalls = features.map((feature): FrontEndCall => {
    const call = { ...featureCall(feature, frame), from, to: at };
    at += feature.type === 'bands' ? feature.bands.length : 1;
    return call;
  });
  const calls = [...filterCalls, ...featureCalls];
  return {
    calls,
    values: featureNames(frontEnd).length,
    frameBytes: 2 * channels * frame,
    filteredBytes: filters.length > 0 ? 2 * frame : 0,
    scratchBytes: Math.max(0, ...calls.map(({ scratchBytes }) => scratchBytes)),
    tableBytes: calls.reduce((sum, { table }) => sum + (table?.byteLength ?? 0), 0),
  };
}

type Call = Pick<FrontEndCall, 'name' | 'takesLength' | 'table' | 'scratchBytes'>;

function filterCall(filter: Filter): Call {
  switch (filter.type) {
    case 'difference':
      return { name: 'filter_difference', takesLength: true, scratchBytes: 0 };
    case 'biquad':
      return {
        name: 'filter_biquad',
        takesLength: true,
        table: Int16Array.of(...filter.b, ...filter.a, filter.gain),
        scratchBytes: 0,
      };
    default:
      throw unknownValue('filter', filter);
  }
}

function featureCall(feature: Feature, frame: number): Call {
  const name = `feature_${feature.type}`;
  if (feature.type !== 'bands') return { name, takesLength: true, scratchBytes: 0 };
  const { bands } = feature;
  const rows = bands.flatMap(({ first, weights }) => [first, weights.length - 1, ...weights]);
  return {
    name,
    takesLength: false,
    table: Uint8Array.of(Math.log2(frame), bands.length, powerShift(bands), ...rows),
    scratchBytes: 2 * frame,
  };
}
