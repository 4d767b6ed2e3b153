import type {OperationKey} from '../protocol/operations.js';
import type {SiteFacts, UploadFormat} from '../protocol/facts.js';

/** The form key and the facts that requests are made with, as the site shows them. */
export interface SiteCredentials {
  formKey: string;
  facts: SiteFacts;
}

/** Everything that a request is made with, besides the cookies. */
export interface RequestCredentials extends SiteCredentials {
  /** The account uploads files before their message, regardless of the facts. */
  uploadsFirst: boolean;
}

export const uploadFormat = ({uploadsFirst, facts}: RequestCredentials): UploadFormat =>
  uploadsFirst ? 'finish' : facts.upload;

/** Whether form key, headers and tag are the same. */
export const isSameRequest = (one: SiteCredentials, other: SiteCredentials): boolean =>
  one.formKey === other.formKey &&
  one.facts.namesOperations === other.facts.namesOperations &&
  one.facts.revision === other.facts.revision &&
  JSON.stringify(one.facts.tag) === JSON.stringify(other.facts.tag);

/** Whether the hash of an operation is the same; for `subscribe`, also those of the subscriptions. */
export const isSameOperation = (one: SiteFacts, other: SiteFacts, key: OperationKey): boolean =>
  one.operations[key].hash === other.operations[key].hash &&
  (key !== 'subscribe' || JSON.stringify(one.subscriptions) === JSON.stringify(other.subscriptions));
