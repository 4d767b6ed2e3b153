/**
 * A pattern that is compiled when it is first used. V8 parses the regular expressions of a file while loading it.
 * Unicode properties take about a millisecond, and plain ASCII texts never need them.
 */
export function lazyPattern(source: string, flags: string): () => RegExp {
  let pattern: RegExp | undefined;
  return () => (pattern ??= new RegExp(source, flags));
}
