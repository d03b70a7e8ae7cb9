export declare const STRICT: readonly string[];
export declare const SANITIZERS: readonly string[];
