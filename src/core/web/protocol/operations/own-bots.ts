import * as v from 'valibot';
import {connectionOf} from '../../../connection.js';
import {count, IdNumber} from '../../../input/lenient.js';
import {anything, cursorOrNull, id, int, maybe, operation, result, textOrNull} from './operation.js';

/*
 * The account's own bots. Most names, hashes and variables come from one source, poe-api-wrapper (2025-08); those of 2026-08 from its
 * fork of 2026-03. The names are those of the site, by which its scripts show the current hashes.
 */

const flagOrNull = maybe(v.boolean());

/** A bot as its owner sees it. Which of the settings the site sends is not known, so all may be missing. */
const OwnBotNode = v.object({
  id: textOrNull,
  botId: IdNumber,
  handle: textOrNull,
  displayName: textOrNull,
  deletionState: textOrNull,
  viewerIsCreator: flagOrNull,
  description: textOrNull,
  introduction: textOrNull,
  model: textOrNull,
  promptPlaintext: textOrNull,
  isPromptPublic: flagOrNull,
  isPrivateBot: flagOrNull,
  isApiBot: flagOrNull,
  apiUrl: textOrNull,
  botCategory: count,
  hasMarkdownRendering: flagOrNull,
  hasSuggestedReplies: flagOrNull,
  shouldCiteSources: flagOrNull,
  allowRelatedBotRecommendations: flagOrNull,
  temperature: count,
  messagePriceCc: count,
  customMessageLimit: count,
  picture: maybe(v.object({url: textOrNull})),
});
export type OwnBotNode = v.InferOutput<typeof OwnBotNode>;

const KnowledgeSourceNode = v.object({knowledgeSourceId: IdNumber, title: textOrNull});
const LenientConnection = connectionOf(KnowledgeSourceNode);
const CompleteConnection = v.object({edges: v.array(v.object({node: KnowledgeSourceNode}))});
/** A source that is not in the list is sent again, so none may be skipped. */
const KnowledgeConnection = v.pipe(
  v.custom<v.InferInput<typeof LenientConnection>>((value) => v.is(CompleteConnection, value)),
  LenientConnection,
);

/** The variables that creating and changing a bot have in common. */
const settings = {
  /** 1 prompt, 2 image, 3 video, 4 role play. */
  botCategory: int,
  displayName: v.nullable(v.string()),
  handle: v.string(),
  prompt: v.string(),
  isPromptPublic: v.boolean(),
  introduction: v.string(),
  description: v.string(),
  profilePictureUrl: v.nullable(v.string()),
  apiUrl: v.nullable(v.string()),
  apiKey: v.nullable(v.string()),
  hasMarkdownRendering: v.boolean(),
  hasSuggestedReplies: v.boolean(),
  isPrivateBot: v.boolean(),
  temperature: v.nullable(v.number()),
  customMessageLimit: v.nullable(int),
  /** The unit is not known. */
  messagePriceCc: v.nullable(int),
  shouldCiteSources: v.boolean(),
  allowRelatedBotRecommendations: v.boolean(),
};

const textInput = v.strictObject({text_input: v.strictObject({title: v.string(), content: v.string()})});
/** The name of the form's part with the file; null if its `map` assigns it. */
const fileUpload = v.strictObject({file_upload: v.strictObject({attachment: v.nullable(v.string())})});

export const ownBotOperations = {
  /** The bots that the account can choose from, not only its own. */
  availableBots: operation(
    'query',
    {
      '2025-03': {
        name: 'AvailableBotsSelectorModalPaginationQuery',
        hash: '26214d2e2381b435992200b171b9f39f360cfd5d668c71b071d5575aa6c3c10e',
      },
      '2026-08': {hash: 'b044c1f843c1319070d8e2d1e65220f0dc15d50882d49b31ec32ee9ef4647454'},
    },
    v.strictObject({
      // Added in 2026.
      botSelectorFilter: v.optional(v.literal('all')),
      cursor: v.optional(cursorOrNull),
      filterCanvasOnlyBots: v.optional(v.boolean()),
      includeHomePageBotSelectorFragment: v.optional(v.boolean()),
      limit: v.optional(int),
    }),
    v.object({viewer: maybe(v.object({availableBotsConnection: maybe(connectionOf(OwnBotNode))}))}),
  ),

  /** A bot by its handle, and whether it belongs to the account. */
  botOfViewer: operation(
    'query',
    {
      '2025-03': {
        name: 'LayoutRightSidebarQuery',
        hash: '357308110e99687fefcf5f4987bbfdf8427bf9b2fd512e265f6cc8a93ee0c9ae',
      },
    },
    v.strictObject({
      useChat: v.literal(false),
      useBotName: v.literal(true),
      useBotId: v.literal(false),
      useShareCode: v.literal(false),
      usePostId: v.literal(false),
      chatCode: v.literal(0),
      botName: v.string(),
      botId: v.literal(0),
      shareCode: v.literal(''),
      postId: v.literal(0),
    }),
    v.object({bot: v.nullish(OwnBotNode, null)}),
  ),

  /** The bots that can be base bots. */
  baseBots: operation(
    'query',
    {
      '2025-03': {
        name: 'CreateBotIndexPageQuery',
        hash: '503347f107f79d900dc79694071fead0152df03a49d0807219c3b3467e2118e6',
      },
      '2026-08': {hash: '25301b86bf42cc2d388a8aa0f9b12825220bbe068731fd00ad8cc62cfdb4114e'},
    },
    v.strictObject({messageId: v.null()}),
    v.object({
      viewer: maybe(
        v.object({
          botsAllowedForUserCreation: maybe(
            v.array(v.object({model: textOrNull, isImageGen: flagOrNull, isVideoGen: flagOrNull})),
          ),
        }),
      ),
    }),
  ),

  createBot: operation(
    'mutation',
    {
      '2025-03': {
        name: 'CreateBotMain_poeBotCreate_Mutation',
        hash: '39d85c9ecc36bb1f91d219f1ad5520294bd757c1b1df65d00b3167acd214707b',
      },
    },
    v.strictObject({
      model: v.string(),
      ...settings,
      isApiBot: v.boolean(),
      knowledgeSourceIds: v.array(id),
      inviteCodeReqHash: v.null(),
    }),
    v.object({
      poeBotCreate: maybe(v.object({status: textOrNull, statusMessage: textOrNull})),
    }),
  ),

  editBot: operation(
    'mutation',
    {
      '2025-03': {
        name: 'EditBotMain_poeBotEdit_Mutation',
        hash: '8f8e534745abb62b8c8354786e61ceeae831418ce01a0b23e1a23481e9588fbf',
      },
    },
    v.strictObject({
      /** The internal name of the base bot. */
      baseBot: v.string(),
      botId: id,
      ...settings,
      knowledgeSourceIdsToAdd: v.array(id),
      knowledgeSourceIdsToRemove: v.array(id),
    }),
    v.object({poeBotEdit: maybe(v.object({status: textOrNull, statusMessage: textOrNull}))}),
  ),

  deleteBot: operation(
    'mutation',
    {
      '2025-03': {
        name: 'BotInfoCardActionBar_poeBotDelete_Mutation',
        hash: 'ddda605feb83223640499942fac70c440d6767d48d8ff1a26543f37c9bb89c68',
      },
    },
    v.strictObject({botId: id}),
    v.object({poeBotDelete: anything}),
  ),

  /** The texts and files that a bot knows. `id` is the node id of the bot. */
  knowledge: operation(
    'query',
    {
      '2025-03': {
        name: 'BotKnowledgeSourcesModalPaginationQuery',
        hash: 'c02cd4af451d17837143f8572e24b5b9624c2e023bb98bfc1217bde9aedec1ad',
      },
    },
    v.strictObject({after: cursorOrNull, first: int, id: v.string()}),
    v.object({node: maybe(v.object({knowledgeSourceConnection: maybe(KnowledgeConnection)}))}),
  ),

  createKnowledge: operation(
    'mutation',
    {
      '2025-03': {
        name: 'Knowledge_CreateKnowledgeSourceMutation',
        hash: '53a8daf2cb85b0d4f17520a0fbad1ee8c402d4e85a5ba3c5856563299b13ee98',
      },
    },
    v.strictObject({sourceInput: v.union([textInput, fileUpload])}),
    v.object({
      knowledgeSourceCreate: maybe(
        v.object({status: textOrNull, statusMessage: textOrNull, source: maybe(KnowledgeSourceNode)}),
      ),
    }),
  ),

  editKnowledge: operation(
    'mutation',
    {
      '2025-03': {
        name: 'Knowledge_EditKnowledgeSourceMutation',
        hash: '627557c27853ba0d52ceb77e58116034f103d60a5b00bf5e0c5edd2af6b21827',
      },
    },
    v.strictObject({knowledgeSourceId: id, sourceInput: textInput}),
    v.object({knowledgeSourceEdit: result}),
  ),
} as const;
