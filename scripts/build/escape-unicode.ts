import type {Plugin} from 'rolldown';

/**
 * Escapes all characters that are not ASCII: V8 decodes ASCII faster and stores it in half the memory. In strings, templates and
 * regular expressions, a character and its escape mean the same; in raw templates, an escaped string replaces the character.
 */
export function escapeUnicode(): Plugin {
  return {
    name: 'escape-unicode',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = escapeAll(escapeInRaw(file.code, file.fileName));
      }
    },
  };
}

const escapeAll = (code: string): string =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const escapeInRaw = (code: string, name: string): string =>
  code.replaceAll(/\bString\.raw`(?:[^`\\]|\\[^])*`/g, (template) => {
    if (!/[^\0-\x7f]/.test(template)) return template;
    if (template.includes('${')) throw new Error(`${name} has a raw template with expressions that is not ASCII`);
    return template.replaceAll(/[^\0-\x7f]+/g, (text) => `\${"${escapeAll(text)}"}`);
  });
