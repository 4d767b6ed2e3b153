/* Statuses after which a request is repeated, by what the request does. */

/** For a request that may cost points: the server says that it has not processed it, and that it may be repeated. */
export const unprocessedStatuses: ReadonlySet<number> = new Set([429, 503, 529]);

/** For a GET request to the site or to a host of files. */
export const retryableSiteStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** For a GET request to the API. Its 500 means that it could not read the request, so that is repeated only once. */
export const retryableApiStatuses: ReadonlySet<number> = new Set([408, 429, 502, 503, 529]);

/** For an upload: a file that no message names has no effect. */
export const retryableUploadStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504, 529]);
