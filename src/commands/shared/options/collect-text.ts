/** Collects the values of an option that may be repeated. */
export const collectText = (value: string, before: string[] = []): string[] => [...before, value];
