import {Chalk} from 'chalk';
import {finishedLength, type OpenCode, openCode} from './blocks.js';
import {isPrefix} from '../reply/is-prefix.js';
import type {Code} from './highlight.js';
import {type Look, renderMarkdown} from './render-markdown.js';
import {looksLikeProgress} from '../reply/progress-text.js';

/** A growing reply as lines of a terminal. */
export interface RenderedParts {
  /** Lines that from now on stand for good, each with its newline. */
  settled: string;
  /** The open rest below them. */
  live: string;
}

/**
 * Parts a growing reply into blocks that are finished, which are given out once, and the open rest. Where a bot rewrites what
 * was given out, a mark says so and the new text follows whole.
 */
export class StreamingMarkdown {
  readonly #look: () => Look;
  #text = '';
  /** The part of the text that stands for good. */
  #settled = '';
  /** Reopens the code block in whose midst the rest begins. */
  #fence = '';
  /** How that code goes on. */
  #code: Code | undefined;
  /** Whether something stands for good. */
  #hasBegun = false;

  /** @param look is asked again each time, for terminals change their size */
  constructor(look: () => Look) {
    this.#look = look;
  }

  /** @param text the whole text so far, which may be another one than before */
  grow(text: string): RenderedParts {
    this.#text = text;
    return this.#part((source) => (looksLikeProgress(text) ? 0 : finishedLength(source)));
  }

  /** @returns what has not been given out of the whole reply */
  finish(text: string): string {
    this.#text = text;
    const {settled, live} = this.#part((source) => source.length);
    return settled + live;
  }

  /** @param finished how much of what does not stand for good yet shall do so now */
  #part(finished: (source: string) => number): RenderedParts {
    const mark = this.#isRewritten() ? this.#startAgain() : '';
    const source = this.#fence + this.#text.slice(this.#settled.length);
    const length = finished(source);
    const isMore = length > this.#fence.length;
    const settled = isMore ? this.#settle(source.slice(0, length)) : '';
    return {settled: mark + settled, live: this.#rendered(isMore ? this.#fence + source.slice(length) : source)};
  }

  /** What was taken from the end of a text, blank lines apart, was never seen. */
  #isRewritten(): boolean {
    const [text, settled] = [this.#text, this.#settled];
    if (isPrefix(text, settled)) return false;
    return !settled.startsWith(text) || settled.slice(text.length).trim() !== '';
  }

  #startAgain(): string {
    const mark = new Chalk({level: this.#look().color ? 1 : 0}).dim('— the bot rewrote its reply —');
    this.#fence = '';
    this.#code = undefined;
    const lines = `${this.#gap}${mark}\n`;
    this.#settled = '';
    return lines;
  }

  /** @returns the lines that stand for good from now on */
  #settle(blocks: string): string {
    const lines = this.#rendered(blocks);
    const length = this.#settled.length + blocks.length - this.#fence.length;
    this.#settled = this.#text.slice(0, length);
    this.#goOnWithin(openCode(blocks));
    this.#hasBegun ||= lines !== '';
    return lines;
  }

  #goOnWithin(open: OpenCode | undefined): void {
    const {highlighter} = this.#look();
    const code = open?.isFirst && this.#fence !== '' ? this.#code : highlighter?.start(open?.info ?? '');
    this.#code = open && code?.read(open.lines, plain).next;
    this.#fence = open?.fence ?? '';
  }

  /** Blocks as lines, with an empty one between them and what stands above. */
  #rendered(source: string): string {
    const lines = renderMarkdown(source, this.#look(), this.#code);
    return lines === '' ? '' : this.#gap + lines;
  }

  get #gap(): string {
    return this.#hasBegun && this.#fence === '' ? '\n' : '';
  }
}

/** Who asks for the state alone sees no colours. */
const plain = new Chalk({level: 0});
