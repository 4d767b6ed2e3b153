/** A chat that the account had before the sandbox started. */
export interface PastChat {
  readonly title: string;
  /** The texts of its messages; the user and the bot take turns. */
  readonly texts: readonly string[];
}

const subjects = [
  'sourdough bread', 'Rust lifetimes', 'a trip to Lisbon', 'watercolor painting', 'home insurance', 'TypeScript generics',
  'the French Revolution', 'houseplants', 'public speaking', 'half-marathon training', 'SQL window functions', 'sleep',
  'bicycle repair', 'Japanese particles', 'black holes', 'a small bookshelf', 'chess openings', 'tax returns',
  'negotiating a salary', 'bird watching',
]; // prettier-ignore

const templates: readonly (readonly [title: (subject: string) => string, question: (subject: string) => string])[] = [
  [(s) => `Introduction to ${s}`, (s) => `What should a beginner know about ${s}?`],
  [(s) => `Common mistakes with ${s}`, (s) => `What do people usually get wrong about ${s}?`],
  [(s) => `A four-week plan for ${s}`, (s) => `Make me a four-week plan for ${s}.`],
  [(s) => `Questions about ${s}`, (s) => `Ask me five questions about ${s}.`],
  [(s) => `${capitalize(s)} explained simply`, (s) => `Explain ${s} as if I were ten.`],
  [(s) => `Books on ${s}`, (s) => `Which books on ${s} are worth reading?`],
  [(s) => `A poem about ${s}`, (s) => `Write four lines about ${s}.`],
  [(s) => `${capitalize(s)}: pros and cons`, (s) => `What are the pros and cons of ${s}?`],
  [(s) => `The history of ${s}`, (s) => `What is the history of ${s}?`],
  [(s) => `A quiz on ${s}`, (s) => `Test me on ${s}, one question at a time.`],
];

const followUps: readonly (readonly [question: string, answer: (subject: string) => string])[] = [
  ['Can you give me an example?', (s) => `Of course. Take the first hour you spend on ${s}: that is where it shows.`],
  ['Shorter, please.', (s) => `${capitalize(s)}: start small, practice daily, take notes.`],
];

/** 200 chats of two, four or six messages, newest first. */
export const pastChats: readonly PastChat[] = templates.flatMap(([title, question], template) =>
  subjects.map((subject, index): PastChat => {
    const first = [
      question(subject),
      `Here is a short answer about ${subject}. There are three points, and the first one matters most.`,
    ];
    const more = followUps.slice(0, (template + index) % 3).flatMap(([text, answer]) => [text, answer(subject)]);
    return {title: title(subject), texts: [...first, ...more]};
  }),
);

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
