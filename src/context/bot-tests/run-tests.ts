import {PoeError} from '../../core/errors.js';
import {inOrderOfEnd} from '../../core/many/in-order-of-end.js';
import {checkText} from './check-reply.js';
import {judgeQuestion, parseVerdict} from './judge.js';
import type {BotTest} from './read-tests.js';
import {fatalErrors} from '../../core/many/fatal-errors.js';

/** A reply that was asked for. */
export interface Answer {
  text: string;
  /** Null if it is not known. */
  cost: number | null;
}

export interface TestResult {
  /** The position of the case in the file. */
  index: number;
  name: string;
  passed: boolean;
  /** What arrived of the reply. */
  text: string;
  /** Why the case failed, a line each. */
  problems: string[];
  /** What the reply and its judgment cost; null if it is not known. */
  cost: number | null;
  ms: number;
  /** Why there is no reply, or no judgment. */
  error: PoeError | null;
}

export interface TestDeps {
  /** Asks the bot that is tested. */
  ask: (test: BotTest, signal: AbortSignal) => Promise<Answer>;
  /** Asks the bot that judges. */
  askJudge: (question: string, maxPoints: number | undefined, signal: AbortSignal) => Promise<Answer>;
  /** What is wrong with a reply according to the JSON Schema of a case, a line each. */
  checkSchema: (test: BotTest, text: string) => string[];
  concurrency: number;
  signal: AbortSignal;
}

/**
 * Runs cases, each in a chat of its own.
 * @returns the results in the order in which the cases end
 * @throws PoeError if the following cases would fail for the same reason, for example `over_budget`
 */
export async function* runTests(
  tests: readonly BotTest[],
  deps: TestDeps,
): AsyncGenerator<TestResult, void, undefined> {
  const entries = tests.entries();
  yield* inOrderOfEnd(
    entries,
    async ([index, test], signal) => ({index, ...(await runTest(test, deps, signal))}),
    deps,
  );
}

async function runTest(test: BotTest, deps: TestDeps, signal: AbortSignal): Promise<Omit<TestResult, 'index'>> {
  const startedAt = performance.now();
  const answers: Answer[] = [];
  const problems: string[] = [];
  let error: PoeError | null = null;
  try {
    const answer = await deps.ask(test, signal);
    answers.push(answer);
    problems.push(...checkText(answer.text, test), ...deps.checkSchema(test, answer.text));
    // A judgment costs points, and does not change the result.
    if (test.judge !== undefined && problems.length === 0) {
      const question = judgeQuestion({prompt: test.prompt, reply: answer.text, criterion: test.judge});
      const left = test.maxPoints === undefined ? undefined : Math.max(0, test.maxPoints - (answer.cost ?? 0));
      const judgment = await deps.askJudge(question, left, signal);
      answers.push(judgment);
      problems.push(...judgmentProblems(judgment.text));
    }
  } catch (reason) {
    if (!(reason instanceof PoeError) || fatalErrors.has(reason.code)) throw reason;
    error = reason;
    problems.push(reason.message);
  }
  return {
    name: test.name,
    passed: problems.length === 0,
    text: answers[0]?.text ?? '',
    problems,
    cost: sum(answers),
    ms: Math.round(performance.now() - startedAt),
    error,
  };
}

function judgmentProblems(text: string): string[] {
  const verdict = parseVerdict(text);
  if (!verdict) return ["the judge's answer is not the JSON object that it was asked for"];
  return verdict.pass ? [] : [`judged: ${verdict.reason}`];
}

const sum = (answers: readonly Answer[]): number | null =>
  answers.reduce<number | null>((total, {cost}) => (total === null || cost === null ? null : total + cost), 0);
