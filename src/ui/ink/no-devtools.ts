/** Replaces `react-devtools-core` in the bundle: only developers of Ink need it. */
export default {};
