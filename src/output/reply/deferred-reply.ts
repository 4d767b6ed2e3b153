import type {ReplyView} from './reply-view.js';

/**
 * A view that takes a while to load. It is loaded once the message was accepted, while the bot thinks; what happens until then
 * is shown afterwards.
 */
export function deferredReply(load: () => Promise<ReplyView>): ReplyView {
  let loading: Promise<ReplyView> | undefined;
  let loaded: ReplyView | undefined;
  const waiting: Parameters<ReplyView['event']>[] = [];
  const view = (): Promise<ReplyView> =>
    (loading ??= load().then((view) => {
      loaded = view;
      for (const event of waiting) view.event(...event);
      return view;
    }));
  return {
    start() {
      // If it cannot be loaded, the end of the reply fails.
      view().catch(() => {});
    },
    event(...event) {
      if (loaded) loaded.event(...event);
      else waiting.push(event);
    },
    done: async (reply) => (await view()).done(reply),
    failed: async (error) => (await view()).failed(error),
  };
}
