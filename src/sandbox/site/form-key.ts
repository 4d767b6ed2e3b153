import {seededHash, seededHex, seededName, seededNumber} from '../world/seeded.js';

const hexDigits = '0123456789abcdef';
/** The decoder returns 34 characters; the key is the first 32. */
const decodedLength = 34;

/** The site's form key, and the script that hides it on the page. */
export class FormKey {
  #rotations = 1;
  readonly #isSeeded: boolean;

  /** @param isSeeded whether the page passes a seed to the decoder (since 2026) */
  constructor(isSeeded = false) {
    this.#isSeeded = isSeeded;
  }

  /** 32 hex characters. */
  get current(): string {
    return this.#decoded.slice(0, 32);
  }

  /** Replaces the key. */
  rotate(): void {
    this.#rotations += 1;
  }

  /** The statement of the app bundle that the decoder depends on: `window.<name>="<text>"`. */
  get marker(): string {
    return `window.${this.#markerName}="${this.#markerText}"`;
  }

  /**
   * The inline script. It defines a decoder, and `window.<keyFunction>()` which calls it and returns 34 characters. If there
   * is no document or navigator, if `process` or `QuickJS` is defined, or if the marker is missing, the function returns
   * other characters and does not throw, as on Poe.
   */
  script(keyFunction: string): string {
    return this.#isSeeded ? this.#seededScript(keyFunction) : this.#plainScript(keyFunction);
  }

  /** The decoder picks characters of its seed; outside a browser it picks their neighbors. */
  #seededScript(keyFunction: string): string {
    const decoder = seededName(`decoder ${this.#rotations}`, 17);
    return [
      `window.${decoder}=function(s){var w=window,o=w["${this.#markerName}"]==="${this.#markerText}"`,
      `&&w["docu"+"ment"]&&w["navi"+"gator"]&&typeof process==="undefined"&&typeof QuickJS==="undefined"?0:1;`,
      `return [${this.#positions.join(',')}].map(function(i){return s.charAt((i+o)%64)}).join("")};`,
      `window.${keyFunction}=function(){return window.${decoder}("${this.#seed}")};`,
    ].join('');
  }

  #plainScript(keyFunction: string): string {
    const decoder = seededName(`decoder ${this.#rotations}`, 17);
    const helper = seededName(`helper ${this.#rotations}`, 9);
    return [
      `window.${helper}=function(b,a){for(var i=0;i<b.length;i++)a=Math.imul(a^b.charCodeAt(i),16777619)>>>0;return a};`,
      `window.${decoder}=function(){`,
      `var d="${this.#encoded}",w=window,m=w["${this.#markerName}"],`,
      `a=w.${helper}(typeof m==="string"?m:"none",2166136261),r=[],i;`,
      `a=w.${helper}([w["docu"+"ment"]?"d":"-",w["navi"+"gator"]?"n":"-",`,
      `typeof process==="undefined"?"p":"-",typeof QuickJS==="undefined"?"q":"-"].join(""),a);`,
      `for(i=0;i<d.length;i++){a=Math.imul(a,1664525)+1013904223>>>0;`,
      `r[i*${stride}%${decodedLength}]=((parseInt(d.charAt(i),16)-(a>>>24)&15)).toString(16)}`,
      `return r.join("")};`,
      `window.${keyFunction}=function(){return window.${decoder}()};`,
    ].join('');
  }

  /** 34 different positions in the seed, which has 64 characters. */
  get #positions(): number[] {
    const start = seededNumber(`places ${this.#rotations}`, 64);
    return Array.from({length: decodedLength}, (_, index) => (start + index * 27) % 64);
  }

  get #seed(): string {
    const seed = [...seededHash(`seed ${this.#rotations}`)];
    for (const [index, position] of this.#positions.entries()) seed[position] = this.#decoded.charAt(index);
    return seed.join('');
  }

  get #decoded(): string {
    return seededHex(`form key ${this.#rotations}`) + seededHex(`its tail ${this.#rotations}`).slice(0, 2);
  }

  get #markerName(): string {
    return seededName(`marker ${this.#rotations}`, 17);
  }

  get #markerText(): string {
    return seededName(`marker text ${this.#rotations}`, 24);
  }

  /** The text that the plain decoder turns into the key in a browser: reordered, each digit shifted by a pseudo-random number. */
  get #encoded(): string {
    let state = mix('dnpq', mix(this.#markerText, 2_166_136_261));
    return Array.from({length: decodedLength}, (_, index) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const digit = hexDigits.indexOf(this.#decoded.charAt((index * stride) % decodedLength));
      return hexDigits.charAt((digit + (state >>> 24)) & 15);
    }).join('');
  }
}

/** Coprime to the length, so that every position is visited once. */
const stride = 11;

const mix = (text: string, start: number): number =>
  [...text].reduce((state, c) => Math.imul(state ^ c.charCodeAt(0), 16_777_619) >>> 0, start);
