import type {ChatTerminal} from '../chat-deps.js';

/** How long the terminal may take to answer. */
const answerMs = 300;

/** Asks the terminal in the middle of a chat, whose keys arrive in the same way as the answers. */
export class TerminalQuestions {
  readonly #stdout: ChatTerminal['stdout'];
  readonly #canAsk: () => boolean;
  #answers = '';
  #onAnswer: () => void = () => {};

  /** @param canAsk whether the chat has the terminal: another program would get the answers as keys */
  constructor(stdout: ChatTerminal['stdout'], canAsk: () => boolean) {
    this.#stdout = stdout;
    this.#canAsk = canAsk;
  }

  /** Writes a query. @returns the answers until they are complete, or those of 300 ms */
  readonly ask = async (query: string, isComplete: (answers: string) => boolean): Promise<string> => {
    if (!this.#canAsk()) return '';
    this.#answers = '';
    this.#stdout.write(query);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onAnswer = () => isComplete(this.#answers) && resolve();
      timer = setTimeout(resolve, answerMs);
    });
    clearTimeout(timer);
    this.#onAnswer = () => {};
    return this.#answers;
  };

  /** Receives an answer. A late one has no effect. */
  readonly receive = (answer: string): void => {
    this.#answers += answer;
    this.#onAnswer();
  };
}
