/** Variables that do not fit, or anything else that Poe answers with "Server Error". */
export class ServerError extends Error {
  override name = 'ServerError';

  constructor() {
    super('Server Error');
  }
}
