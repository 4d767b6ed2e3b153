/*
 * The controls of bots, as their makers define them: "parameter controls", version 2 (Poe's documentation, 2026).
 */

const choices = (...values: readonly string[]) => values.map((value) => ({value, name: value}));

const ratio = (width: number, height: number) => ({width, height});

const thinking = {
  control: 'slider',
  label: 'Thinking budget',
  description: 'How many tokens the bot may think',
  parameter_name: 'thinking_budget',
  default_value: 0,
  min_value: 0,
  max_value: 16_384,
  step: 1024,
};

const aspect = {
  control: 'aspect_ratio',
  label: 'Aspect ratio',
  parameter_name: 'aspect',
  default_value: '1:1',
  options: [ratio(1, 1), ratio(16, 9), ratio(9, 16), {...ratio(3, 2), value: 'photo'}],
};

const style = {
  control: 'drop_down',
  label: 'Style',
  parameter_name: 'style',
  default_value: 'GENERAL',
  options: [
    {value: 'GENERAL', name: 'General'},
    {value: 'RENDER_3D', name: '3D render'},
    {value: 'ANIME', name: 'Anime'},
  ],
};

/** Has every kind of control, and one that is not documented. */
const everyKind = [
  {
    name: 'Reply',
    controls: [
      {
        control: 'drop_down',
        label: 'Effort',
        parameter_name: 'effort',
        default_value: 'low',
        options: choices('high', 'low'),
      },
      {control: 'toggle_switch', label: 'Search the web', parameter_name: 'search', default_value: false},
      {
        control: 'slider',
        label: 'Budget',
        description: 'In tokens',
        parameter_name: 'budget',
        default_value: 0,
        min_value: 0,
        max_value: 100,
        step: 5,
      },
      {control: 'divider'},
      {control: 'sparkles', label: 'Of a later version'},
    ],
  },
  {
    name: 'Output',
    collapsed_by_default: true,
    tabs: [
      {
        name: 'Kind',
        controls: [
          {
            control: 'drop_down',
            label: 'Output',
            parameter_name: 'output',
            default_value: 'text',
            options: choices('text', 'image'),
          },
          {
            control: 'condition',
            condition: {comparator: 'eq', left: {parameter_name: 'output'}, right: {literal: 'image'}},
            controls: [
              aspect,
              {
                control: 'slider',
                label: 'Image width',
                parameter_name: 'width',
                default_value: 512,
                min_value: 256,
                max_value: 1024,
                step: 64,
              },
            ],
          },
        ],
      },
      {
        name: 'Words',
        controls: [
          {control: 'text_field', label: 'Tone', parameter_name: 'tone', default_value: '', placeholder: 'Friendly'},
          {control: 'text_area', label: 'Avoid', description: 'What to leave out', parameter_name: 'avoid'},
        ],
      },
    ],
  },
];

const sections: Readonly<Record<string, readonly object[]>> = {
  'Claude-3.7-Sonnet-Reasoning': [{name: 'Reasoning', controls: [thinking]}],
  Imagen3: [{name: 'Generation', controls: [style, aspect]}],
  'Sandbox-Parameters': everyKind,
};

export function controlsOf(handle: string): object | null {
  const own = sections[handle];
  return own ? {api_version: '2', sections: own} : null;
}
