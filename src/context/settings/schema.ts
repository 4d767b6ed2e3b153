import {settingKeys, settings} from './definitions.js';

/** A JSON Schema of the settings file, with which editors complete and check it. */
export const settingsSchema = () => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Settings of poe',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: {type: 'string'},
    ...Object.fromEntries(
      settingKeys.map((key) => {
        const {summary: description, default: byDefault, schema} = settings[key];
        return [key, {description, ...schema, default: byDefault}];
      }),
    ),
  },
});
