// The server of a bot that rolls dice: "2d6+3". With Node.js 22.18 or newer:
//
//   poe bot serve examples/bots/dice-roller/server.ts --sandbox       try it, without an account
//   POE_ACCESS_KEY=… poe bot serve examples/bots/dice-roller/server.ts   serve it to Poe
//   POE_ACCESS_KEY=… poe bot test examples/bots/dice-roller --local      run tests.yaml against that server
import {randomInt} from 'node:crypto';
import type {Bot} from 'poe-cli/bot';

interface Roll {
  dice: number[];
  bonus: number;
  total: number;
}

const maxDice = 100;

const bot: Bot = {
  handle: 'DiceRoller',
  settings: {
    introductionMessage: 'Which dice shall I roll? For example: 2d6+3',
    allowAttachments: false,
  },
  async *reply({message}) {
    const [, count = '1', sides = '6', bonus = '0'] = /(\d*)d(\d+)\s*([+-]\s*\d+)?/i.exec(message.content) ?? [];
    if (Number(count) > maxDice) return yield `I can roll at most ${maxDice} dice.`;
    yield {type: 'meta', suggestedReplies: true};
    const rolled = roll(Number(count || 1), Number(sides), Number(bonus.replaceAll(' ', '')));
    if (/\bjson\b/i.test(message.content)) return yield JSON.stringify(rolled);
    yield `**${rolled.total}**`;
    const parts = [...rolled.dice, ...(rolled.bonus === 0 ? [] : [rolled.bonus])];
    if (parts.length > 1) yield ` = ${parts.join(' + ')}`;
    yield {type: 'suggested_reply', text: 'Roll again'};
  },
};

export default bot;

function roll(count: number, sides: number, bonus: number): Roll {
  const dice = Array.from({length: count}, () => randomInt(1, Math.max(1, sides) + 1));
  return {dice, bonus, total: dice.reduce((sum, die) => sum + die, bonus)};
}
