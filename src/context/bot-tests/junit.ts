import type {TestResult} from './run-tests.js';

/** The results as JUnit XML, which systems for continuous integration show. */
export function junitXml(bot: string, results: readonly TestResult[]): string {
  const failed = results.filter(({passed, error}) => !passed && error === null).length;
  const errors = results.filter(({error}) => error !== null).length;
  const time = results.reduce((sum, {ms}) => sum + ms, 0);
  const attributes = `tests="${results.length}" failures="${failed}" errors="${errors}" time="${seconds(time)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite name="${escapeXml(bot)}" ${attributes}>`,
    ...results.flatMap((result) => testCase(bot, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(bot: string, {name, ms, passed, problems, text, error}: TestResult): string[] {
  const head = `    <testcase classname="${escapeXml(bot)}" name="${escapeXml(name)}" time="${seconds(ms)}"`;
  if (passed) return [`${head}/>`];
  const element = error === null ? 'failure' : 'error';
  const message = escapeXml(problems.join('; '));
  return [`${head}>`, `      <${element} message="${message}">${escapeXml(text)}</${element}>`, '    </testcase>'];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** XML 1.0 does not have control characters, halves of characters, U+FFFE and U+FFFF, in no form. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
