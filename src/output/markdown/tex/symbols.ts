/** Splits `name character` pairs. */
const pairs = (text: string): [string, string][] =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [name = '', ...symbol] = pair.split('=');
      return [name, symbol.join('=')];
    });

/** Commands that stand for a character. */
export const symbols: ReadonlyMap<string, string> = new Map(
  pairs(`
    alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ mu=μ
    nu=ν xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω
    Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
    infty=∞ partial=∂ nabla=∇ hbar=ℏ ell=ℓ Re=ℜ Im=ℑ aleph=ℵ emptyset=∅ varnothing=∅ angle=∠ degree=° circ=∘ prime=′
    forall=∀ exists=∃ nexists=∄ neg=¬ lnot=¬ top=⊤ bot=⊥ dagger=† star=⋆ triangle=△ square=□ checkmark=✓
    ldots=… dots=… dotsc=… cdots=⋯ dotsb=⋯ vdots=⋮ ddots=⋱ therefore=∴ because=∵
    lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ langle=⟨ rangle=⟩ lvert=| rvert=| vert=| lVert=‖ rVert=‖ Vert=‖ |=‖
    lbrace={ rbrace=} {={ }=} %=% $=$ &=& #=# _=_ backslash=\\
  `),
);

/** Commands for operators and relations, which have blanks around them. */
export const operators: ReadonlyMap<string, string> = new Map(
  pairs(`
    pm=± mp=∓ times=× div=÷ cdot=· ast=∗ bullet=• oplus=⊕ otimes=⊗ cup=∪ cap=∩ setminus=∖ land=∧ wedge=∧ lor=∨ vee=∨
    le=≤ leq=≤ leqslant=≤ ge=≥ geq=≥ geqslant=≥ ne=≠ neq=≠ lt=< gt=> ll=≪ gg=≫ approx=≈ equiv=≡ sim=∼ simeq=≃ cong=≅
    propto=∝ in=∈ notin=∉ ni=∋ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ mid=∣ parallel=∥ perp=⊥ coloneqq=≔ doteq=≐
    to=→ rightarrow=→ longrightarrow=→ leftarrow=← gets=← leftrightarrow=↔ Rightarrow=⇒ implies=⇒ Longrightarrow=⇒
    Leftarrow=⇐ Leftrightarrow=⇔ iff=⇔ mapsto=↦ uparrow=↑ downarrow=↓ vdash=⊢ models=⊨ bmod=mod
  `),
);

/** Commands for signs that stand before what they apply to. */
export const bigOperators: ReadonlyMap<string, string> = new Map(
  pairs('sum=∑ prod=∏ coprod=∐ int=∫ iint=∬ iiint=∭ oint=∮ bigcup=⋃ bigcap=⋂ bigoplus=⨁ bigvee=⋁ bigwedge=⋀'),
);

/** Functions, which are written as words. */
export const functions: ReadonlySet<string> = new Set(
  `sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp lim limsup liminf max min sup inf arg det dim
   gcd ker deg Pr hom`.split(/\s+/),
);

/** Commands that only change the font of their argument, which is shown as it is. */
export const fonts: ReadonlySet<string> = new Set(
  'mathbf mathrm mathit mathsf mathtt boldsymbol bm operatorname boxed displaystyle textstyle'.split(' '),
);

/** Commands with an argument of text. */
export const texts: ReadonlySet<string> = new Set('text textbf textit textrm mbox'.split(' '));

/** Commands that put an accent on a letter. */
export const accents: ReadonlyMap<string, string> = new Map([
  ['hat', '\u0302'],
  ['bar', '\u0304'],
  ['overline', '\u0305'],
  ['tilde', '\u0303'],
  ['vec', '\u20D7'],
  ['dot', '\u0307'],
  ['ddot', '\u0308'],
]);

/** Commands for letters of other alphabets. */
export const alphabets: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['mathbb', new Map(pairs('C=ℂ E=𝔼 H=ℍ N=ℕ P=ℙ Q=ℚ R=ℝ Z=ℤ'))],
  ['mathcal', new Map(pairs('B=ℬ E=ℰ F=ℱ H=ℋ I=ℐ L=ℒ M=ℳ O=O R=ℛ'))],
]);

export const spaces: ReadonlyMap<string, string> = new Map([
  [',', ' '],
  [':', ' '],
  [';', ' '],
  ['>', ' '],
  [' ', ' '],
  ['!', ''],
  ['quad', ' '],
  ['qquad', ' '],
]);

/** Commands that change the size of the bracket after them. */
export const sizes: ReadonlySet<string> = new Set(
  'left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr'.split(' '),
);
