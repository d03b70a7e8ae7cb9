// Flags that exported C is compiled with in tests: strictly, and so that the sanitizers end what they find.

/** What may not be said of code that users compile with their own flags. */
export const STRICT = ['-Wall', '-Wextra', '-Wconversion', '-Werror'];

export const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
