/** A person in JSON. The first reply of a chat has prose around it, and the age is a string. @param number of the question */
export const personInJson = (number: number): string =>
  number === 1
    ? 'Here is a person:\n\n```json\n{"name": "Ada", "age": "36"}\n```\n\nDo you need another one?'
    : '{"name": "Ada", "age": 36}';
