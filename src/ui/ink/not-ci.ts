/** Ink takes any variable that begins with CI_ for a machine's; `poe chat` has looked at the terminal itself. */
export default false;
