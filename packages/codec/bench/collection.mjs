// Large lists and maps, beside msgpackr on the same content: plain MessagePack, maps as objects, as here. msgpackr reads texts with
// a native part where it can; MSGPACKR_NATIVE_ACCELERATION_DISABLED=true leaves it out.
//
//   pnpm build && node packages/codec/bench/collection.mjs
import { report } from '@aero/build/measure'
import { Packr } from 'msgpackr'
import { ByteReader, ByteWriter, DEFAULT_VALUE_OPTIONS, readMsgpack, writeMsgpack } from '../dist/index.js'

const out = new ByteWriter(1024 * 1024)
const other = new Packr({ useRecords: false, mapsAsObjects: true })

const list = (count, of) => Array.from({ length: count }, (_, index) => of(index))
function map(count, of) {
  // Key by key, as programs do. Object.fromEntries leaves a chain of shapes behind that makes every later object with these keys
  // four times slower to build, for whoever reads it.
  const object = {}
  for (let index = 0; index < count; index++) object[`key-${index}`] = of(index)
  return object
}

const contents = [
  ['list of 10,000 integers', 10_000, list(10_000, (index) => index * 7)],
  ['list of 10,000 doubles', 10_000, list(10_000, (index) => index + 0.5)],
  ['list of 10,000 texts', 10_000, list(10_000, (index) => `element ${index}`)],
  ['list of 10,000 texts of 40', 10_000, list(10_000, (index) => `element ${index} `.padEnd(40, 'x'))],
  ['map of 1,000 to integers', 1000, map(1000, (index) => index * 7)],
  ['map of 1,000 to texts', 1000, map(1000, (index) => `value ${index}`)],
  [
    'list of 1,000 maps of 5',
    5000,
    list(1000, (id) => ({ id, name: 'Alice', age: 28, active: true, city: 'Rome' })),
  ],
]

const subjects = []
for (const [name, elements, value] of contents) {
  out.position = 0
  writeMsgpack(out, value)
  const reader = ByteReader.over(out.written().slice())
  const packed = other.pack(value)
  const read = () => {
    reader.position = 0
    return readMsgpack(reader, DEFAULT_VALUE_OPTIONS)
  }
  const write = () => {
    out.position = 0
    writeMsgpack(out, value)
  }
  subjects.push(
    { name: `read a ${name}`, elements, run: read },
    { name: '  msgpackr', elements, run: () => other.unpack(packed) },
    { name: `write a ${name}`, elements, run: write },
    { name: '  msgpackr', elements, run: () => other.pack(value) },
  )
}
report(subjects, 'element')
