import {pieces} from '../../format/graphemes.js';
import {lazyPattern} from '../lazy-pattern.js';

/**
 * The parts of a line between which it may be broken. Each part but the first starts with the blanks in front of it. Chinese
 * and Japanese are written without spaces: there, lines are broken between characters, but not before a closing bracket or
 * after an opening one. Thai and its relatives are broken between words.
 */
export function* breakable(line: string): Generator<string> {
  for (const part of line.split(breaks())) {
    if (withoutSpaces().test(part)) yield* words(part);
    else yield part;
  }
}

const wide = String.raw`[\p{Ideographic}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\u3000-\u303F\u30FB\u30FC\uFF01-\uFF60\uFFE0-\uFFE6[\p{Emoji_Presentation}--\p{RI}]]`;
/** No row ends with these. Marks such as a backtick may open as well as close. */
const opening = '[\\p{Ps}\\p{Pi}$¥£€＄￥￡＃#@＠"\'`*_~\\u200D\\u2060]';
/** No row starts with these. */
const closing = String.raw`[\p{Pe}\p{Pf}\p{M}\p{Emoji_Modifier}!?,.:;%°‰…‥·—–"'\`*_~、。，．！？：；％・ー゛゜々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶㇰ-ㇿ～〜\u200D\u2060\uFE0F]`;

const breaks = lazyPattern(
  String.raw`(?<=\S)(?=[ \t])|(?<=\u200B)|(?<=${wide})(?<!${opening})(?=\S)(?!${closing})|(?<=\S)(?<!${opening})(?=${wide})(?!${closing})`,
  'v',
);

const withoutSpaces = lazyPattern(String.raw`[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`, 'u');

const mayEnd = lazyPattern(String.raw`[^\s\p{Ps}\p{Pi}"']$`, 'u');

let segmenter: Intl.Segmenter | undefined;

function* words(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('th', {granularity: 'word'});
  let word = '';
  for (const piece of pieces(text)) {
    for (const {segment, isWordLike} of segmenter.segment(piece)) {
      if (isWordLike && mayEnd().test(word) && !/^[ๆฯ]/.test(segment)) {
        yield word;
        word = '';
      }
      word += segment;
    }
  }
  yield word;
}
