import type {BotTest} from '../../../context/bot-tests/read-tests.js';
import type {TestResult} from '../../../context/bot-tests/run-tests.js';
import type {Context} from '../../../context/context.js';
import {points} from '../../../output/format/numbers.js';
import {widthOf} from '../../../output/format/width.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';

const maxNameWidth = 50;

/** Prints the result of each case as soon as it ends: as a line of JSON, or as a row of a table. */
export class TestView {
  readonly #context: Context;
  readonly #nameWidth: number;
  readonly #isNote: boolean;

  /** @param options.isNote whether stdout is for something else, so that rows go to stderr */
  constructor(context: Context, cases: readonly BotTest[], {isNote}: {isNote: boolean}) {
    this.#context = context;
    this.#isNote = isNote;
    this.#nameWidth = Math.min(maxNameWidth, Math.max(...cases.map(({name}) => widthOf(sanitizeLine(name)))));
  }

  add({name, passed, text, problems, cost, ms, error}: TestResult, bot: string): void {
    const {output} = this.#context;
    const failure = error && {code: error.code, message: error.message};
    const shownRow = () => {
      const shown = sanitizeLine(name);
      const mark = passed ? 'ok    ' : 'FAILED';
      const facts = [`${(ms / 1000).toFixed(1)} s`, cost ? points(cost) : ''].filter(Boolean).join('  ');
      const row = `${mark}  ${shown}${' '.repeat(Math.max(0, this.#nameWidth - widthOf(shown)))}  ${facts}`;
      return [row, ...problems.map((problem) => `        ${sanitizeLine(problem)}`)].join('\n');
    };
    if (this.#isNote) output.note(shownRow());
    else output.result({name, passed, bot, text, problems, points: {cost}, ms, error: failure}, shownRow);
  }

  end(results: readonly TestResult[]): void {
    const passed = results.filter((result) => result.passed).length;
    const cost = results.reduce((sum, result) => sum + (result.cost ?? 0), 0);
    const isPartial = results.some((result) => result.cost === null);
    const facts = [
      `${passed} passed`,
      `${results.length - passed} failed`,
      ...(cost > 0 ? [`${isPartial ? 'at least ' : ''}${points(cost)}`] : []),
    ];
    if (results.length > 0 && !this.#context.output.isJson) this.#context.output.note(facts.join(', '));
  }
}
