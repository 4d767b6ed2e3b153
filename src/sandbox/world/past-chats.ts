/** What the account talked about before, newest first: the titles of its chats and what was said in them. */
export interface PastTalk {
  readonly title: string;
  readonly lines: readonly string[];
}

const subjects = [
  'sourdough bread', 'Rust lifetimes', 'a trip to Lisbon', 'watercolour painting', 'home insurance', 'TypeScript generics',
  'the French Revolution', 'houseplants', 'public speaking', 'half-marathon training', 'SQL window functions', 'sleep',
  'bicycle repair', 'Japanese particles', 'black holes', 'a small bookshelf', 'chess openings', 'tax returns',
  'negotiating a salary', 'bird watching',
]; // prettier-ignore

const forms: readonly (readonly [title: (subject: string) => string, question: (subject: string) => string])[] = [
  [(s) => `Introduction to ${s}`, (s) => `What should a beginner know about ${s}?`],
  [(s) => `Common mistakes with ${s}`, (s) => `What do people usually get wrong about ${s}?`],
  [(s) => `A plan of four weeks for ${s}`, (s) => `Make me a plan of four weeks for ${s}.`],
  [(s) => `Questions about ${s}`, (s) => `Ask me five questions about ${s}.`],
  [(s) => `${capital(s)} in plain words`, (s) => `Explain ${s} as if I were ten.`],
  [(s) => `Books on ${s}`, (s) => `Which books on ${s} are worth the time?`],
  [(s) => `A poem about ${s}`, (s) => `Write four lines about ${s}.`],
  [(s) => `${capital(s)}: pros and cons`, (s) => `What speaks for and against ${s}?`],
  [(s) => `The history of ${s}`, (s) => `How did ${s} come to be what it is?`],
  [(s) => `A quiz on ${s}`, (s) => `Test me on ${s}, one question at a time.`],
];

const further: readonly (readonly [question: string, answer: (subject: string) => string])[] = [
  ['Can you give me an example?', (s) => `Of course. Take the first hour you spend on ${s}: that is where it shows.`],
  ['Shorter, please.', (s) => `${capital(s)}: start small, go on daily, keep notes.`],
];

/** 200 talks of two, four or six messages. */
export const pastTalks: readonly PastTalk[] = forms.flatMap(([title, question], form) =>
  subjects.map((subject, index): PastTalk => {
    const first = [
      question(subject),
      `Here is a short answer on ${subject}. There are three things to it, and the first matters most.`,
    ];
    const more = further.slice(0, (form + index) % 3).flatMap(([asked, answer]) => [asked, answer(subject)]);
    return {title: title(subject), lines: [...first, ...more]};
  }),
);

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
