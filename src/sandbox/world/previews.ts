/** The web apps in a bot's message: the texts of its fenced blocks of HTML. */
export const previewsIn = (text: string): string[] =>
  [...text.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map(([, html = '']) => html);
