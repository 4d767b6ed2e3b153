export type DiagramType = 'svg' | 'mermaid';

/** The type of the diagram in a code block. @param info the text after its fence */
export function diagramType(info: string): DiagramType | undefined {
  const [name = ''] = /^[\w-]*/.exec(info.trim().toLowerCase()) ?? [];
  return name === 'svg' || name === 'mermaid' ? name : undefined;
}
