export {PoeError, type ErrorCode} from './core/errors.js';
