// Connects, writes, reads, and forgets to close. It must end by itself all the same.
import { ClusterDefinition, DataSet } from '@aero/async'

const [seeds = '', namespace = 'test', setName = 'forgetful'] = process.argv.slice(2)
const cluster = await new ClusterDefinition({ hosts: seeds }).connect()
const session = cluster.createSession()
const key = DataSet.of(namespace, setName).id('forgetful')
await Promise.all(Array.from({ length: 100 }, (_, index) => session.put(key, { index })))
const record = await session.get(key)
await session.delete(key).execute()
console.log(`generation ${record?.generation}, ${cluster.nodes().length} nodes`)
console.log('ready')
