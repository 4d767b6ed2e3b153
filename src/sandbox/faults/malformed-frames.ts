/** Frames that no client can use: broken JSON, unknown objects, wrong types, bytes. */
export const malformedFrames: readonly (string | Buffer)[] = [
  '{"messages":["{',
  '',
  'null',
  '[]',
  '"text"',
  '{"type":"surprise","messages":null}',
  '{"messages":"not a list"}',
  '{"messages":[1,null,{"a":1},"no JSON","{}","[]","null"]}',
  Buffer.from([0x00, 0xff, 0xfe, 0x7b, 0x22]),
];

/** Messages of a frame that no client can use. */
export const malformedMessages: readonly string[] = [
  '{"message_type":"subscriptionUpdate"}',
  '{"message_type":"somethingNew","payload":{"unique_id":"somethingNew:1"}}',
  '{"message_type":"subscriptionUpdate","payload":{"unique_id":"messageAdded","subscription_name":"messageAdded","data":{"messageAdded":{"text":"odd"}}}}',
  '{"message_type":"subscriptionUpdate","payload":{"unique_id":"messageAdded:no-number","subscription_name":"messageAdded","data":null}}',
  '{"message_type":"subscriptionUpdate","payload":{"unique_id":7,"subscription_name":"chatSettingsUpdated","data":{"chatSettingsUpdated":"odd"}}}',
  '{"message_type":"subscriptionUpdate","payload":{"subscription_name":"jobUpdated","data":{"jobUpdated":null}}}',
];
