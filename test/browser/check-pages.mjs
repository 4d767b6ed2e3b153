import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {basename, join, resolve} from 'node:path';
import process from 'node:process';

/*
 * Opens pages in Chromium, in dark and light mode, on a desktop and on a phone. Fails if a page reports an error, makes a request
 * to another server (a file must make none at all), is wider than the window, or runs a script although it is a file.
 * Usage: node check-pages.mjs <folder with @sparticuz/chromium and puppeteer-core> <folder for pictures> <URL or file>...
 */

const [packages = '.', pictures = '.', ...pages] = process.argv.slice(2);
const require = createRequire(join(resolve(packages), 'package.json'));
const {default: chromium} = await import(require.resolve('@sparticuz/chromium'));
const {default: puppeteer} = await import(require.resolve('puppeteer-core'));

// Its own options would turn off what these checks rely on, such as the rules for requests to other servers.
const browser = await puppeteer.launch({
  executablePath: await chromium.executablePath(),
  headless: 'shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'],
});
const windows = {desktop: {width: 1000, height: 800}, phone: {width: 375, height: 700}};
const problems = [];

try {
  process.stdout.write(`${await browser.version()}\n`);
  mkdirSync(pictures, {recursive: true});
  for (const page of pages) {
    const url = /^https?:/.test(page) ? page : `file://${encodeURI(resolve(page))}`;
    const name = url.startsWith('file:') ? basename(page, '.html') : new URL(url).pathname.replaceAll(/\W+/g, '-');
    for (const theme of ['dark', 'light']) {
      for (const window of Object.keys(windows)) await check(url, theme, window, `${name}-${theme}-${window}`);
    }
  }
} finally {
  await browser.close();
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${pages.length} pages, ${problems.length} problems, pictures in ${resolve(pictures)}\n`);
process.exitCode = problems.length > 0 || pages.length === 0 ? 1 : 0;

async function check(url, theme, window, name) {
  const report = (text) => problems.push(`${name}: ${text}`);
  const isFile = url.startsWith('file:');
  const page = await browser.newPage();
  try {
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) report(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => report(`error: ${error}`));
    page.on('request', (request) => {
      const asked = request.url();
      if (asked === url || asked.startsWith('data:') || asked.startsWith('blob:')) return;
      if (isFile || new URL(asked).origin !== new URL(url).origin) report(`request: ${asked}`);
    });
    await page.setViewport({...windows[window], deviceScaleFactor: 1});
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: theme}]);
    await page.goto(url, {waitUntil: 'load', timeout: 30_000});
    // Pictures far below load when they are near.
    await page.evaluate(async () => {
      for (const image of document.images) {
        image.loading = 'eager';
        await image.decode().catch(() => {});
      }
    });
    const seen = await page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      overflow: document.documentElement.scrollWidth - window.innerWidth,
      scripts: document.scripts.length,
      broken: [...document.images].filter(({complete, naturalWidth}) => !complete || naturalWidth === 0).length,
    }));
    const brightness = /\d+/.exec(seen.background)?.[0] ?? '255';
    if (Number(brightness) > 127 !== (theme === 'light')) report(`the background is ${seen.background}`);
    if (seen.overflow > 0) report(`the page is ${seen.overflow} pixels wider than the window`);
    if (isFile && seen.scripts > 0) report('the page has a script');
    if (seen.broken > 0) report(`${seen.broken} images cannot be shown`);
    await page.screenshot({path: join(pictures, `${name}.png`), fullPage: window === 'desktop'});
  } finally {
    await page.close();
  }
}
