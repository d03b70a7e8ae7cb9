// How much of a file that somebody gives is read at most; docs/limits.md lists these.

/** Bytes of an ONNX file: weights beyond it belong in external data. Protobuf itself ends at 2 GB. */
export const MAX_ONNX_BYTES = 512 * 2 ** 20;
/** Nodes of an ONNX graph. */
export const MAX_ONNX_NODES = 100_000;
/** Messages in an ONNX file: nodes, attributes, tensors, shapes. Each costs a few hundred bytes, at least two of them in the file. */
export const MAX_ONNX_MESSAGES = 1_000_000;
/** Numbers outside raw bytes (`float_data`, `int64_data`, `ints`): eight bytes and more each, at least one of them in the file. */
export const MAX_ONNX_NUMBERS = 16_000_000;
/** Messages inside each other: subgraphs and types nest; no exporter goes beyond a handful. */
export const MAX_ONNX_DEPTH = 32;
/** Elements of one stored tensor: 256 MB of float32, a thousand times what a microcontroller holds. */
export const MAX_ONNX_ELEMENTS = 2 ** 26;

/** Characters of a BitNetMCU header: 1.4 MB of weights, more than any part has flash. Its tokens take a hundred times as much memory. */
export const MAX_HEADER_CHARACTERS = 2 ** 22;
