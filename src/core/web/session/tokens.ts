/** The login of a browser at poe.com. */
export interface WebTokens {
  /** The cookie `p-b`, as the browser shows it. */
  pB: string;
  /** The cookie `p-lat`. */
  pLat: string;
  /** The form key, 32 hexadecimal digits. Default: found on the site. */
  formKey?: string | undefined;
  /** The cookie `cf_clearance`; it is valid for one network address and one user agent. */
  cfClearance?: string | undefined;
  /** The cookie `__cf_bm`. */
  cfBm?: string | undefined;
  /** The user agent of the browser that the Cloudflare cookies come from. */
  userAgent?: string | undefined;
}
