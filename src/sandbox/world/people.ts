import {type Bot, bots} from './bots.js';

/** A user of the site. */
export interface Person {
  readonly uid: number;
  readonly handle: string;
  readonly fullName: string;
  readonly bio: string;
  /** Not counting the viewer. */
  readonly followerCount: number;
  readonly createdBots: readonly Bot[];
  /** The last part of the picture's URL. */
  readonly photo: string;
}

const names = [
  'Ada Brandt', 'Benito Cruz', 'Chiara Donati', 'Dev Patel', 'Elif Yilmaz', 'Farid Nasser', 'Greta Lind', 'Hiro Tanaka',
  'Ines Moreau', 'Jonas Weber', 'Kavya Rao', 'Liam Murphy', 'Maja Nowak', 'Noor Hassan', 'Olu Adeyemi', 'Petra Svoboda',
  'Quentin Roy', 'Rosa Lima', 'Sana Malik', 'Tomas Silva',
]; // prettier-ignore

const userMadeBots = bots.filter(({isMadeByUser}) => isMadeByUser);

/** All users except the viewer. */
export const people: readonly Person[] = [
  {
    uid: 2_910_400_879,
    handle: 'openai',
    fullName: 'OpenAI',
    bio: 'Makers of GPT.',
    followerCount: 2470,
    createdBots: [],
    photo: 'wrfgcbmfjrhquvwlxvypitmawpovrxoi',
  },
  {
    uid: 2_910_400_901,
    handle: 'anthropic',
    fullName: 'Anthropic',
    bio: 'Makers of Claude.',
    followerCount: 3120,
    createdBots: [],
    photo: 'qzkdjwhrbtnvcxmlpsafgyeuio',
  },
  ...names.map((fullName, index) => ({
    uid: 1_203_400_117 + index * 7919,
    handle: fullName.toLowerCase().replace(' ', index % 3 === 0 ? '' : '_'),
    fullName,
    bio: `${fullName} makes bots.`,
    followerCount: (index * index * 13) % 500,
    createdBots: userMadeBots.filter((_bot, number) => number % names.length === index),
    photo: [...fullName.toLowerCase().replace(' ', 'x'), 'qkzw'].join(''),
  })),
];

/** The URL of a user's picture. @param width pixels */
export const photoUrl = ({uid, photo}: Pick<Person, 'uid' | 'photo'>, width: 100 | 200): string =>
  `https://qph.cf2.poecdn.net/main-thumb-${uid}-${width}-${photo}.jpeg`;
