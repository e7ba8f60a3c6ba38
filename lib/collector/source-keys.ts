export {
  KEY_KINDS,
  type KeyKind,
  type SourceKey,
  type SourceKeys,
  sourceKeys,
} from '../domain/source-keys.ts';
