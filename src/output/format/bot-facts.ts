import type {ModelBot} from '../../core/model-bot.js';
import {perMillion} from './numbers.js';

/** The kinds of input and output: "text, image → text". */
export function kindText({takes, gives}: ModelBot): string | null {
  return takes.length + gives.length === 0 ? null : `${takes.join(', ')} → ${gives.join(', ')}`;
}

/** Prices per million input and output tokens, per image and per request. */
export function priceText({pricesUsd}: ModelBot): string | null {
  if (!pricesUsd) return null;
  const {prompt, completion, image, request} = pricesUsd;
  const parts = [
    prompt !== null && `${perMillion(prompt)} in`,
    completion !== null && `${perMillion(completion)} out`,
    image !== null && `${image} per image`,
    request !== null && (request === 0 ? 'free' : `${request} points per message`),
  ];
  return parts.filter(Boolean).join(', ') || null;
}
