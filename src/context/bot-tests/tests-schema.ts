import * as v from 'valibot';

/*
 * The fields of tests.yaml. The messages continue a sentence that starts with the name of the field.
 */

const text = v.string('must be text');
const filled = v.pipe(text, v.regex(/\S/, 'must not be empty'));
const count = v.pipe(
  v.number('must be a whole number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);
const described = <const S extends v.GenericSchema>(schema: S, description: string) =>
  v.optional(v.pipe(schema, v.description(description)));

/** One text, or a list of them. */
const texts = v.pipe(
  v.union([filled, v.array(filled)], 'must be text or a list of texts'),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

const isRegExp = (source: string): boolean => {
  try {
    return parsePattern(source) instanceof RegExp;
  } catch {
    return false;
  }
};
const pattern = v.pipe(filled, v.check(isRegExp, 'must be a regular expression, such as "^Dear" or "/dear/i"'));
const patterns = v.pipe(
  v.union([pattern, v.array(pattern)], 'must be a regular expression, such as "^Dear" or "/dear/i", or a list of them'),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

const textChecks = {
  contains: described(texts, 'Texts that the reply contains'),
  matches: described(patterns, 'Regular expressions that match the reply: "^Dear", or with flags "/dear/i"'),
};

const testCase = v.strictObject(
  {
    name: described(filled, 'The name of the case (default: the prompt)'),
    prompt: v.pipe(filled, v.description('The message to the bot')),
    files: described(v.array(filled, 'must be a list'), 'Files to attach: paths in the folder, or URLs'),
    ...textChecks,
    not: described(
      v.strictObject(textChecks, 'must have the field contains or matches'),
      'What the reply must not have',
    ),
    schema: described(
      v.union([filled, v.record(v.string(), v.unknown())], 'must be a JSON Schema or the path of one'),
      'The reply is JSON that matches this JSON Schema, or the one in this file',
    ),
    judge: described(filled, 'What another bot checks: "The reply is polite"'),
    max_points: described(count, 'Most points for this case'),
  },
  'must have fields',
);

export const TestsFile = v.strictObject(
  {
    judge_bot: described(filled, 'Handle of the bot that judges replies'),
    max_points: described(count, 'Most points for each case'),
    cases: v.pipe(v.array(testCase, 'must be a list of cases'), v.minLength(1, 'must have a case')),
  },
  'must have the field cases',
);

export type TestCase = v.InferOutput<typeof testCase>;

/** A regular expression as a text: `^Dear`, or with flags `/dear/i`. @throws SyntaxError */
export function parsePattern(source: string): RegExp {
  const [, body = source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(source) ?? [];
  return new RegExp(body, flags.replaceAll(/[gy]/g, ''));
}
