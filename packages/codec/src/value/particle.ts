import { DecodeError, EncodeError } from '../errors.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { integerInMode, readInt64, writeInt64 } from '../wire/int64.ts'
import { describeValue } from './describe-value.ts'
import type { Double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { readMsgpack } from './msgpack-reader.ts'
import { checkDouble, checkInt64, writeMsgpack } from './msgpack-writer.ts'
import { OBJECT_KIND, objectKindOf } from './object-kind.ts'
import { PARTICLE_TYPE, type ParticleType } from './particle-type.ts'
import type { BinValue, Value } from './value.ts'
import type { ValueOptions } from './value-options.ts'

/*
 * particle  :=  nothing                                       nil
 *             | i64                                           integer (read also: u8, u16, u32)
 *             | f64                                           double
 *             | bytes                                         string as UTF-8, blob, HyperLogLog
 *             | u8 0 or 1                                     bool
 *             | flags:u8 cells:u16 u64[cells] bytes           GeoJSON; clients write flags 0 and no cells
 *             | msgpack item                                  list, map
 *             Its type and its length stand in the operation or field around it.
 */

const GEO_JSON_HEAD_BYTES = 3
const GEO_JSON_CELL_BYTES = 8

/**
 * Writes a value as the payload of a bin and returns its type. The payload ends where the writer then stands.
 *
 * @throws EncodeError for what cannot be stored. Its path leads to the offending value inside `value`; it is empty when that
 *   is `value` itself. What has been written until then stays: the caller sets the writer's position back.
 */
export function writeParticle(out: ByteWriter, value: Value): ParticleType {
  switch (typeof value) {
    case 'number':
      return writeNumber(out, value)
    case 'string':
      out.text(value)
      return PARTICLE_TYPE.string
    case 'object':
      return value === null ? PARTICLE_TYPE.nil : writeObject(out, value)
    case 'boolean':
      out.u8(value ? 1 : 0)
      return PARTICLE_TYPE.bool
    case 'bigint':
      checkInt64(value)
      out.i64(value)
      return PARTICLE_TYPE.integer
    default:
      throw new EncodeError('', `${describeValue(value)} cannot be stored`)
  }
}

function writeNumber(out: ByteWriter, value: number): ParticleType {
  out.ensure(8)
  const { position } = out
  out.position = position + 8
  if (Number.isSafeInteger(value) && !(value === 0 && Object.is(value, -0))) {
    writeInt64(out.view, position, value)
    return PARTICLE_TYPE.integer
  }
  checkDouble(value)
  out.view.setFloat64(position, value)
  return PARTICLE_TYPE.double
}

function writeObject(out: ByteWriter, value: object): ParticleType {
  switch (objectKindOf(value)) {
    case OBJECT_KIND.list:
      writeMsgpack(out, value as Value)
      return PARTICLE_TYPE.list
    case OBJECT_KIND.object:
    case OBJECT_KIND.map:
    case OBJECT_KIND.sortedMap:
      writeMsgpack(out, value as Value)
      return PARTICLE_TYPE.map
    case OBJECT_KIND.bytes:
      out.copy(value as Uint8Array)
      return PARTICLE_TYPE.blob
    case OBJECT_KIND.double:
      out.f64((value as Double).value)
      return PARTICLE_TYPE.double
    case OBJECT_KIND.geoJson:
      out.ensure(GEO_JSON_HEAD_BYTES)
      out.u8(0)
      out.u16(0)
      out.text((value as GeoJson).text)
      return PARTICLE_TYPE.geoJson
    case OBJECT_KIND.hyperLogLog:
      out.copy((value as HyperLogLog).bytes)
      return PARTICLE_TYPE.hyperLogLog
    default:
      throw new EncodeError('', `${describeValue(value)} cannot be stored`)
  }
}

/**
 * Reads the `length` bytes of a bin's payload, in place; what it returns shares no memory with the reader.
 *
 * Blobs of all kinds come as bytes, and so does a type that is not known here: one new bin does not make a record unreadable.
 *
 * @returns `undefined` for nil: there is no bin.
 * @throws DecodeError (or its kinds TruncatedError and LimitExceededError) for bytes that are no value of that type, and in
 *   integer mode `number` for an unsafe integer.
 */
export function readParticle(
  reader: ByteReader,
  type: number,
  length: number,
  options: ValueOptions,
): BinValue | undefined {
  reader.need(length)
  switch (type) {
    case PARTICLE_TYPE.integer:
      return readInteger(reader, length, options)
    case PARTICLE_TYPE.string:
      return reader.text(length)
    case PARTICLE_TYPE.double:
      if (length !== 8) throw wrong(reader, `a double of ${length} bytes`)
      return reader.f64()
    case PARTICLE_TYPE.bool:
      return readBool(reader, length)
    case PARTICLE_TYPE.list:
    case PARTICLE_TYPE.map:
      return readCollection(reader, type, length, options)
    case PARTICLE_TYPE.geoJson:
      return readGeoJson(reader, length)
    case PARTICLE_TYPE.hyperLogLog:
      return new HyperLogLog(reader.copy(length))
    case PARTICLE_TYPE.nil:
      reader.skip(length)
      return undefined
    default:
      return reader.copy(length)
  }
}

function readInteger(reader: ByteReader, length: number, options: ValueOptions): number | bigint {
  const { position, view } = reader
  let value: number | bigint
  if (length === 8) value = readInt64(view, position)
  else if (length === 4) value = view.getUint32(position)
  else if (length === 2) value = view.getUint16(position)
  else if (length === 1) value = view.getUint8(position)
  else throw wrong(reader, `an integer of ${length} bytes`)
  reader.position = position + length
  return integerInMode(value, options.integers, position)
}

function readBool(reader: ByteReader, length: number): boolean {
  if (length !== 1) throw wrong(reader, `a boolean of ${length} bytes`)
  const value = reader.bytes[reader.position] as number
  if (value > 1) throw wrong(reader, `a boolean that is neither 0 nor 1`)
  reader.position += 1
  return value === 1
}

function readGeoJson(reader: ByteReader, length: number): GeoJson {
  const start = reader.position
  if (length < GEO_JSON_HEAD_BYTES) throw wrong(reader, `a GeoJSON of ${length} bytes`)
  const head = GEO_JSON_HEAD_BYTES + reader.view.getUint16(start + 1) * GEO_JSON_CELL_BYTES
  if (length < head) throw wrong(reader, `a GeoJSON of ${length} bytes whose cells take ${head}`)
  reader.position = start + head
  return new GeoJson(reader.text(length - head))
}

function readCollection(reader: ByteReader, type: number, length: number, options: ValueOptions): BinValue {
  const { position, end } = reader
  // A count inside must not make us read what comes behind the particle.
  reader.end = position + length
  const value = readMsgpack(reader, options)
  if (reader.position !== reader.end)
    throw wrong(reader, `${reader.end - reader.position} bytes behind a value`)
  if ((type === PARTICLE_TYPE.list) !== Array.isArray(value) || !isCollection(value)) {
    reader.position = position
    throw wrong(reader, `a ${type === PARTICLE_TYPE.list ? 'list' : 'map'} that is none`)
  }
  reader.end = end
  return value
}

function isCollection(value: BinValue): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    !(value instanceof GeoJson) &&
    !(value instanceof HyperLogLog)
  )
}

function wrong(reader: ByteReader, what: string): DecodeError {
  const { position } = reader
  return new DecodeError(
    `${what} is no value`,
    position,
    hexExcerpt(reader.bytes.subarray(0, reader.end), position),
  )
}
