const superscripts = new Map(
  zip(
    '0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ∘′*',
    '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ°′*',
  ),
);
const subscripts = new Map(zip('0123456789+-=()aehijklmnoprstuvxβγρφχ', '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ'));

function zip(from: string, to: string): [string, string][] {
  const targets = [...to];
  return [...from].map((character, index) => [character, targets[index] ?? '']);
}

/** A text above or below the line: with characters for that if there are such, or else after `^` or `_`. */
export function script(mark: '^' | '_', text: string): string {
  const map = mark === '^' ? superscripts : subscripts;
  const characters = [...text];
  const mapped = characters.map((character) => map.get(character));
  if (mapped.every((each) => each !== undefined)) return mapped.join('');
  return characters.length === 1 ? mark + text : `${mark}(${text})`;
}
