// The official client in a process of its own, told what to do by messages: [method, ...arguments] → { value } or { code, message }.
const { join } = require('node:path')
const { createRequire } = require('node:module')

const [folder] = process.argv.slice(2)
const aerospike = createRequire(join(folder, 'package.json'))('aerospike')
let client

const keyOf = (set, number) => new aerospike.Key('test', set, number)

const methods = {
  async connect(options) {
    const { replica, ...config } = options
    const policies =
      replica === undefined
        ? {}
        : { read: new aerospike.ReadPolicy({ replica: aerospike.policy.replica[replica] }) }
    client = aerospike.client({ log: { level: 0 }, tenderInterval: 250, policies, ...config })
    await client.connect()
  },
  nodes: () => client.getNodes().map(({ name, address }) => `${name} ${address}`),
  async write(set, count) {
    for (let number = 0; number < count; number++) await client.put(keyOf(set, number), { number })
  },
  async read(set, count) {
    let sum = 0
    for (let number = 0; number < count; number++) sum += (await client.get(keyOf(set, number))).bins.number
    return sum
  },
  async batch(set, count) {
    const records = Array.from({ length: count }, (_, number) => ({
      key: keyOf(set, number),
      readAllBins: true,
    }))
    return (await client.batchRead(records)).map(({ status }) => status)
  },
  async administer(method, ...words) {
    const privileges = (codes) => codes.map((code) => new aerospike.admin.Privilege(code))
    if (method === 'createRole') words[1] = privileges(words[1])
    const answer = await client[method](...words)
    return JSON.parse(JSON.stringify(answer ?? null))
  },
  close: () => client?.close(),
}

process.on('message', async ([method, ...words]) => {
  try {
    process.send({ value: (await methods[method](...words)) ?? null })
  } catch (error) {
    process.send({ code: error.code ?? 0, message: String(error.message) })
  }
})
process.send({ value: 'ready' })
