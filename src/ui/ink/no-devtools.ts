/** Stands in the bundle for what only developers of Ink need. */
export default {};
