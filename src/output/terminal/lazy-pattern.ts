/**
 * A pattern that is compiled when it is first used. V8 checks the literals of a file while loading it, and takes about a
 * millisecond for Unicode properties, which plain ASCII texts never need.
 */
export function lazyPattern(source: string, flags: string): () => RegExp {
  let pattern: RegExp | undefined;
  return () => (pattern ??= new RegExp(source, flags));
}
