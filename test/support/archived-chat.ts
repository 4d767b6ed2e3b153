import type {Chat} from '../../src/core/model.js';

/** A chat for tests of the archive. */
export const chat: Chat = {
  id: 'Q2hhdDox',
  chatId: 1,
  chatCode: 'abc',
  title: 'Languages',
  bot: 'Echo',
  lastInteractionTime: '2026-03-01T12:00:00.000Z',
};
