/**
 * A page that shows an SVG picture from outside. As an image, the picture can neither run scripts nor load anything, and the
 * policy of the page forbids both once more.
 */
export function svgPage(svg: string): string {
  const image = Buffer.from(withNamespace(svg)).toString('base64');
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>SVG picture</title>
<style>
body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: #fff }
img { max-width: 96vw; max-height: 96vh; min-width: 25vw }
</style>
<img alt="The SVG picture of the reply" src="data:image/svg+xml;base64,${image}">
`;
}

/** Bots often omit the namespace, without which a browser shows no image. */
const withNamespace = (svg: string): string =>
  /<svg\b[^>]*\sxmlns\s*=/i.test(svg) ? svg : svg.replace(/<svg\b/i, '<svg xmlns="http://www.w3.org/2000/svg"');
