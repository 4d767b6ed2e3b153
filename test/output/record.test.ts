import {expect, test} from 'vitest';
import {points} from '../../src/output/format/numbers.js';
import {outputTo} from '../support/terminal/output-streams.js';

interface Person {
  name: string;
  about: string | null;
  balance: number | null;
}

const fields = ({name, about, balance}: Person) =>
  [
    ['Name', name],
    ['About', about],
    ['Points left', points(balance), balance],
  ] as const;

const ada = {name: 'Ada', about: 'Writes about engines that weave patterns\nof algebra', balance: 1827};

test('on a terminal, values are shown beside dim labels and wrapped between words', () => {
  const {output, out} = outputTo({columns: 40}, {color: true});
  output.record(ada, fields);
  expect(out()).toBe(
    '\u001b[2mName         \u001b[22mAda\n' +
      '\u001b[2mAbout        \u001b[22mWrites about engines that\n' +
      '             weave patterns\n' +
      '             of algebra\n' +
      '\u001b[2mPoints left  \u001b[22m1,827 points\n',
  );
});

test('on a narrow terminal, values are shown below their labels', () => {
  const {output, out} = outputTo({columns: 24});
  output.record(ada, fields);
  expect(out()).toBe(`\
Name
  Ada
About
  Writes about engines
  that weave patterns
  of algebra
Points left
  1,827 points
`);
});

test('on a terminal, unknown values are omitted', () => {
  const {output, out} = outputTo({columns: 80});
  output.record({name: 'Ada', about: null, balance: null}, fields);
  expect(out()).toBe('Name  Ada\n');
});

test('a URL that is too long for the line is not wrapped', () => {
  const {output, out} = outputTo({columns: 40});
  const about = `https://example.com/${'a'.repeat(60)}`;
  output.record({name: 'Ada', about, balance: null}, fields);
  expect(out()).toBe(`Name   Ada\nAbout  ${about}\n`);
});

test('in a pipe, a record has labels and exact values separated by tabs', () => {
  const {output, out} = outputTo();
  output.record(ada, fields);
  output.record({name: 'A\tb\u001b[2J', about: null, balance: null}, fields);
  expect(out()).toBe(
    'Name\tAda\nAbout\tWrites about engines that weave patterns of algebra\nPoints left\t1827\n' +
      'Name\tA b\u001b[2J\nAbout\t\nPoints left\t\n',
  );
});

test('with --json, a record is the object itself', () => {
  const {output, out, err} = outputTo(undefined, {json: true});
  output.record(ada, fields);
  expect([out(), err()]).toEqual([`${JSON.stringify(ada)}\n`, '']);
});

test('control sequences in a record are sanitized on a terminal', () => {
  const {output, out} = outputTo({columns: 80});
  output.record({name: '\u001b]0;t\u0007', about: 'a\r\nb\tc\u202e', balance: 1}, fields);
  expect(out()).toBe('Name         ␛]0;t␇\nAbout        a\n             b c\uFFFD\nPoints left  1 point\n');
});
