import {seededHash, seededHex, seededName, seededNumber} from '../world/seeded.js';

const hexDigits = '0123456789abcdef';
const length = 34;

/** The form key of the moment, and how the page hides it. */
export class FormKey {
  #turn = 1;
  readonly #isSeeded: boolean;

  /** @param isSeeded whether the page calls the decoder with a seed (2026) */
  constructor(isSeeded = false) {
    this.#isSeeded = isSeeded;
  }

  /** 32 hex characters. */
  get current(): string {
    return this.#whole.slice(0, 32);
  }

  rotate(): void {
    this.#turn += 1;
  }

  /** The statement of the app bundle that the decoder looks for: `window.<name>="<text>"`. */
  get marker(): string {
    return `window.${this.#markerName}="${this.#markerText}"`;
  }

  /**
   * The inline script. It defines a decoder, and `window.<keyFunction>` that calls it and gives 34 characters, of which
   * the first 32 are the key. Where there is no document or navigator, where there is a `process` or a `QuickJS`, or where
   * the marker is not set, it gives other characters and throws nothing.
   */
  script(keyFunction: string): string {
    return this.#isSeeded ? this.#seededScript(keyFunction) : this.#plainScript(keyFunction);
  }

  /** The decoder picks characters of the seed that it is called with; where something is amiss, those beside them. */
  #seededScript(keyFunction: string): string {
    const decoder = seededName(`decoder ${this.#turn}`, 17);
    const places = this.#places;
    return [
      `window.${decoder}=function(s){var w=window,o=w["${this.#markerName}"]==="${this.#markerText}"`,
      `&&w["docu"+"ment"]&&w["navi"+"gator"]&&typeof process==="undefined"&&typeof QuickJS==="undefined"?0:1;`,
      `return [${places.join(',')}].map(function(i){return s.charAt((i+o)%64)}).join("")};`,
      `window.${keyFunction}=function(){return window.${decoder}("${this.#seed}")};`,
    ].join('');
  }

  #plainScript(keyFunction: string): string {
    const decoder = seededName(`decoder ${this.#turn}`, 17);
    const helper = seededName(`helper ${this.#turn}`, 9);
    return [
      `window.${helper}=function(b,a){for(var i=0;i<b.length;i++)a=Math.imul(a^b.charCodeAt(i),16777619)>>>0;return a};`,
      `window.${decoder}=function(){`,
      `var d="${this.#hidden}",w=window,m=w["${this.#markerName}"],`,
      `a=w.${helper}(typeof m==="string"?m:"none",2166136261),r=[],i;`,
      `a=w.${helper}([w["docu"+"ment"]?"d":"-",w["navi"+"gator"]?"n":"-",`,
      `typeof process==="undefined"?"p":"-",typeof QuickJS==="undefined"?"q":"-"].join(""),a);`,
      `for(i=0;i<d.length;i++){a=Math.imul(a,1664525)+1013904223>>>0;`,
      `r[i*${stride}%${length}]=((parseInt(d.charAt(i),16)-(a>>>24)&15)).toString(16)}`,
      `return r.join("")};`,
      `window.${keyFunction}=function(){return window.${decoder}()};`,
    ].join('');
  }

  /** 34 of the 64 places of the seed, no two the same. */
  get #places(): number[] {
    const start = seededNumber(`places ${this.#turn}`, 64);
    return Array.from({length}, (_, index) => (start + index * 27) % 64);
  }

  get #seed(): string {
    const seed = [...seededHash(`seed ${this.#turn}`)];
    for (const [index, place] of this.#places.entries()) seed[place] = this.#whole.charAt(index);
    return seed.join('');
  }

  get #whole(): string {
    return seededHex(`form key ${this.#turn}`) + seededHex(`its tail ${this.#turn}`).slice(0, 2);
  }

  get #markerName(): string {
    return seededName(`marker ${this.#turn}`, 17);
  }

  get #markerText(): string {
    return seededName(`marker text ${this.#turn}`, 24);
  }

  /** The key as the decoder, in a browser, undoes it: other places, and each digit moved by a stream of numbers. */
  get #hidden(): string {
    let state = mix('dnpq', mix(this.#markerText, 2_166_136_261));
    return Array.from({length}, (_, place) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const digit = hexDigits.indexOf(this.#whole.charAt((place * stride) % length));
      return hexDigits.charAt((digit + (state >>> 24)) & 15);
    }).join('');
  }
}

/** Has no divisor in common with the length, so that every place is met once. */
const stride = 11;

const mix = (text: string, start: number): number =>
  [...text].reduce((state, c) => Math.imul(state ^ c.charCodeAt(0), 16_777_619) >>> 0, start);
