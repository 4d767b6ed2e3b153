import type {RequestFile, Turn} from '../formats/chat-request.js';

/**
 * The first message of a new chat: the instructions and the earlier turns, because poe.com has no place for them, and then the last
 * turn.
 */
export function firstMessage(system: string, turns: readonly Turn[]): {text: string; files: RequestFile[]} {
  const last = turns.at(-1);
  const earlier = turns.slice(0, -1);
  const history = earlier.map(({role, text, files}) => {
    const names = files.map(({name}) => `[Attached file${name === '' ? '' : `: ${name}`}]`);
    return `${role === 'user' ? 'User' : 'Assistant'}:\n${[text.trim(), ...names].filter(Boolean).join('\n')}`;
  });
  const parts = [
    ...(system.trim() === '' ? [] : [system.trim()]),
    ...(history.length === 0 ? [] : [introduction, ...history, 'The next message of the user:']),
    last ? nextMessage(last).text : '',
  ];
  return {text: parts.join('\n\n'), files: turns.flatMap(({files}) => files)};
}

const introduction = 'This conversation started elsewhere. Its messages so far:';

/** The message that continues a chat. Poe accepts none without a text. */
export function nextMessage({text, files}: Turn): {text: string; files: RequestFile[]} {
  return {text: text.trim() === '' ? 'See the attached file.' : text, files};
}
