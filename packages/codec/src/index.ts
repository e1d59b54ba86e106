// errors and limits
export { CodecError, DecodeError, EncodeError, LimitExceededError, TruncatedError } from './errors.ts'
export { type DecodeLimits, DEFAULT_LIMITS } from './limits.ts'

// wire: cursors over bytes
export { ByteReader } from './wire/byte-reader.ts'
export { ByteWriter } from './wire/byte-writer.ts'
export { hexExcerpt } from './wire/hex-excerpt.ts'
export { INT64_MAX, INT64_MIN, type IntegerMode } from './wire/int64.ts'
export { utf8Length } from './wire/text.ts'

// frame: a byte stream in frames
export { FrameDecoder } from './frame/frame-decoder.ts'
export { beginFrame, endFrame } from './frame/frame-header.ts'
export { FRAME_HEADER_BYTES, FRAME_TYPE, FRAME_VERSION, type FrameType } from './frame/frame-type.ts'

// value: what bins hold
export { Double, double } from './value/double.ts'
export { GeoJson } from './value/geo-json.ts'
export { HyperLogLog } from './value/hyper-log-log.ts'
export type { MapKey } from './value/map-key.ts'
export { readMsgpack } from './value/msgpack-reader.ts'
export { writeMsgpack } from './value/msgpack-writer.ts'
export { compareValues } from './value/ordering.ts'
export { readParticle, writeParticle } from './value/particle.ts'
export { PARTICLE_TYPE, type ParticleType } from './value/particle-type.ts'
export { SortedMap } from './value/sorted-map.ts'
export type { BinValue, Value } from './value/value.ts'
export { DEFAULT_VALUE_OPTIONS, type MapMode, type ValueOptions } from './value/value-options.ts'

// key: what names a record
export { computeDigest, DIGEST_BYTES, writeKeyValue } from './value/digest.ts'
export { Key, type KeyValue } from './value/key.ts'
export { PARTITION_COUNT, partitionIdOf } from './value/partition-id.ts'
export { RIPEMD160_BYTES, ripemd160 } from './value/ripemd160.ts'

// message, info, command
