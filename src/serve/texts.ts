/** Data in base64 is not text: images and files are counted by their providers in other ways. */
const isData = (text: string): boolean =>
  text.startsWith('data:') || (text.length > 1_000 && /^[A-Za-z0-9+/=_-]+$/.test(text.slice(0, 1_000)));

/** All texts in a request, whatever its format: to estimate its tokens. */
export function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  // Not recursive: a body may be nested very deeply.
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === 'string') {
      if (!isData(next)) texts.push(next);
    } else if (typeof next === 'object' && next !== null) {
      for (const part of Object.values(next)) rest.push(part);
    }
  }
  return texts;
}
