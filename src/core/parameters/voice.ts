import type {BotParameter} from './bot-parameter.js';

/** Names by which bots for audio take a voice (Minimax Speech has `voice_id`, 2026). */
const names = ['voice', 'voice_id', 'voice_name'];

/** The parameters as the user typed them, with `voice` under the name that the bot has for it. */
export function withVoice(
  typed: Readonly<Record<string, string>>,
  parameters: readonly BotParameter[],
): Readonly<Record<string, string>> {
  const {voice, ...others} = typed;
  const name = names.find((each) => parameters.some((parameter) => parameter.name === each));
  return voice === undefined || name === undefined || name in others ? typed : {...others, [name]: voice};
}
