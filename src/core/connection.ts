import * as v from 'valibot';
import {flag, listOf, readable} from './input/lenient.js';

/** The paging information of a GraphQL connection. */
const PageInfo = v.object({
  hasNextPage: flag,
  hasPreviousPage: flag,
  endCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
  startCursor: v.fallback(v.nullish(v.union([v.string(), v.pipe(v.number(), v.transform(String))]), null), null),
});

const Edge = v.object({node: v.unknown()});

/** Reads one page of a list: its valid nodes, and where the next page starts. @internal */
export function connectionOf<const S extends v.GenericSchema>(node: S) {
  return v.pipe(
    v.object({
      edges: listOf(v.unknown()),
      pageInfo: v.fallback(v.nullish(PageInfo, null), null),
    }),
    v.transform(({edges: sent, pageInfo}) => {
      const edges = readable(Edge, sent);
      const nodes = readable(
        node,
        edges.map((edge) => edge.node),
      );
      return {
        /** Whether the page has no nodes at all, not even invalid ones. */
        isEmpty: edges.length === 0,
        nodes,
        unreadable: sent.length - nodes.length,
        pageInfo,
      };
    }),
  );
}
