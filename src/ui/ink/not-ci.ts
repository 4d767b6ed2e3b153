/** Replaces `is-in-ci` in the bundle. Ink would treat any variable that starts with CI_ as a CI machine; `poe chat` checks the terminal itself. */
export default false;
