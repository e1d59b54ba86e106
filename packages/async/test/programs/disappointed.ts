// Fails to connect, says why, and has nothing more to do. It must end by itself.
import { AerospikeError, ClusterDefinition } from '@aero/async'

const [seeds = '', clusterName] = process.argv.slice(2)
const definition = new ClusterDefinition({ hosts: seeds })
if (clusterName !== undefined) definition.validateClusterNameIs(clusterName)
try {
  await definition.connect()
  console.log('connected, which was not expected')
  process.exitCode = 3
} catch (error) {
  console.log(`${AerospikeError.is(error) ? error.name : 'another error'}: ${(error as Error).message}`)
}
console.log('ready')
