/** A user of the sandbox's world. */
export interface Person {
  readonly uid: number;
  readonly handle: string;
  readonly fullName: string;
  readonly followerCount: number;
  readonly photo: string;
}

const names = [
  'Ada Brandt', 'Benito Cruz', 'Chiara Donati', 'Dev Patel', 'Elif Yilmaz', 'Farid Nasser', 'Greta Lind', 'Hiro Tanaka',
  'Ines Moreau', 'Jonas Weber', 'Kavya Rao', 'Liam Murphy', 'Maja Nowak', 'Noor Hassan', 'Olu Adeyemi', 'Petra Svoboda',
  'Quentin Roy', 'Rosa Lima', 'Sana Malik', 'Tomas Silva',
]; // prettier-ignore

/** Every user of the world but the viewer. */
export const people: readonly Person[] = [
  {
    uid: 2_910_400_879,
    handle: 'openai',
    fullName: 'OpenAI',
    followerCount: 2470,
    photo: 'wrfgcbmfjrhquvwlxvypitmawpovrxoi',
  },
  {
    uid: 2_910_400_901,
    handle: 'anthropic',
    fullName: 'Anthropic',
    followerCount: 3120,
    photo: 'qzkdjwhrbtnvcxmlpsafgyeuio',
  },
  ...names.map((fullName, index) => ({
    uid: 1_203_400_117 + index * 7919,
    handle: fullName.toLowerCase().replace(' ', index % 3 === 0 ? '' : '_'),
    fullName,
    followerCount: (index * index * 13) % 500,
    photo: [...fullName.toLowerCase().replace(' ', 'x'), 'qkzw'].join(''),
  })),
];

/** Where a user's picture of that width is. */
export const photoUrl = ({uid, photo}: Pick<Person, 'uid' | 'photo'>, width: 100 | 200): string =>
  `https://qph.cf2.poecdn.net/main-thumb-${uid}-${width}-${photo}.jpeg`;
