/** The text of each generated file by its name. */
export function generatedLists(): Readonly<Record<string, string>>;
