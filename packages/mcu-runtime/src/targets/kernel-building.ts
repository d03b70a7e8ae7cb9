// How kernels are built, as pieces of the variants in the records of parts.

/** Fast kernels, those of c/fast compiled for speed. */
export const FAST = { sources: 'fast', hot: 'fast' } as const;
/** Fast kernels, compiled for size. */
export const FAST_SIZE = { sources: 'fast', hot: 'none' } as const;
/** Portable C. */
export const PLAIN = { name: 'plain', layout: 'plain', sources: 'plain', hot: 'none' } as const;
/** Ends the descriptions of variants with `lto`. */
export const LTO = 'compiled and linked for size (link-time optimization)';
