import { partitionBitmap } from '../topology.ts'
import { namespaceConfiguration, networkConfiguration, serviceConfiguration } from './info-configuration.ts'
import type { InfoContext, Peer } from './info-context.ts'
import { createIndex, deleteIndex, indexExists, indexStatistics, listIndexes } from './info-index.ts'
import { getModule, listModules, putModule, removeModule } from './info-module.ts'
import { abortAllJobs, abortJob, showJob, showJobs } from './info-query.ts'
import { answerTruncate } from './info-truncate.ts'

/** The server this one behaves like. */
const BUILD = '8.1.2.0'
const EDITION = 'Aerospike Community Edition'
const ENTERPRISE_EDITION = 'Aerospike Enterprise Edition'
/** The port that a published list of peers counts as the usual one. */
const DEFAULT_PORT = 3000

const ENTERPRISE_ONLY = 'ERROR:25:enterprise only'
const UNRECOGNIZED = 'ERROR:4:unrecognized command'

const FEATURES =
  'batch-any;batch-index;blob-bits;cdt-index;cdt-list;cdt-map;cluster-stable;float;geo;sindex-exists;peers;pipelining;' +
  'pquery;pscans;query-show;relaxed-sc;replicas;replicas-all;replicas-master;replicas-max;truncate-namespace;udf'

/** Answers to names without parameters. */
const PLAIN: ReadonlyMap<string, (context: InfoContext) => string> = new Map<
  string,
  (context: InfoContext) => string
>([
  ['features', () => FEATURES],
  ['node', (context) => context.nodeName],
  ['name', (context) => context.nodeName],
  ['build', () => BUILD],
  ['version', (context) => `${editionOf(context)} build ${BUILD}`],
  ['edition', editionOf],
  [
    'release',
    (context) =>
      `edition=${editionOf(context)};version=${BUILD};os=debian12;arch=x86_64;sha=68182105aaa20bce52e3a672e0ac896e84421f85`,
  ],
  ['compatibility-id', () => '15'],
  ['status', () => 'ok'],
  ['digests', () => 'RIPEMD160'],
  ['connection', () => 'admin=false'],
  ['service', (context) => context.address],
  ['service-clear-std', (context) => context.address],
  ['service-clear-alt', (context) => context.alternateAddress ?? ''],
  ['services', (context) => context.peers.map((peer) => peer.address).join(';')],
  ['services-alumni', (context) => context.peers.map((peer) => peer.address).join(';')],
  ['peers-clear-std', (context) => printPeers(context, (peer) => peer.address)],
  ['peers-clear-alt', (context) => printPeers(context, (peer) => peer.alternateAddress)],
  ['alumni-clear-std', (context) => printPeers(context, (peer) => peer.address)],
  ['peers-generation', (context) => String(context.peersGeneration)],
  ['partition-generation', (context) => String(context.partitionGeneration)],
  ['rebalance-generation', (context) => String(context.rebalanceGeneration)],
  ['partitions', () => '4096'],
  [
    'replicas',
    (context) =>
      printReplicas(context, (bitmaps, regime) => `${regime},${bitmaps.length},${bitmaps.join(',')}`),
  ],
  [
    'replicas-all',
    (context) => printReplicas(context, (bitmaps) => `${bitmaps.length},${bitmaps.join(',')}`),
  ],
  ['replicas-master', (context) => printReplicas(context, (bitmaps) => bitmaps[0] ?? '')],
  ['cluster-name', (context) => context.clusterName ?? 'null'],
  ['namespaces', (context) => context.namespaces.map((namespace) => namespace.name).join(';')],
  ['objects', (context) => String(context.namespaces.reduce((sum, namespace) => sum + namespace.size, 0))],
  ['statistics', printStatistics],
  ['admin-clear-std', (context) => `${context.host}:${context.port + 3}`],
  ['admin-tls-std', () => ''],
  ['endpoints', printEndpoints],
  ['mesh', (context) => `${context.host}:${context.port + 2}`],
  ['logs', () => '0:stderr'],
  ['help', () => HELP],
  ['sindex', (context) => listIndexes(context)],
  ['sindex-list', (context) => listIndexes(context)],
  ['udf-list', listModules],
  ['query-show', showJobs],
  ['query-abort-all', abortAllJobs],
  ['health-stats', () => ''],
  ['health-outliers', () => ''],
  ['best-practices', () => 'failed_best_practices=none'],
  ['user-agents', () => ''],
  ['smd-info', () => ''],
  ['latencies', () => ''],
  ['index-pressure', (context) => context.namespaces.map((namespace) => `${namespace.name}:0:0`).join(';')],
  ['sets', (context) => context.namespaces.map(printSets).join('')],
  ['get-config', (context) => `${serviceConfiguration(context)};${networkConfiguration(context)}`],
  ['get-stats', () => "ERROR:4:missing 'context'"],
  ['truncate', () => "ERROR:20:missing 'namespace'"],
  ['truncate-namespace', () => "ERROR:20:missing 'namespace'"],
  ['eviction-reset', () => "ERROR:20:missing 'namespace'"],
  ['tip', () => "ERROR:4:missing 'host'"],
  ['set-config', () => "ERROR:4:missing 'context'"],
  ['user-agent-set', () => "ERROR:4:missing 'value'"],
  // Two errors in one answer, as the server gives them.
  ['sindex-stat', () => "ERROR:4:missing 'indexname'ERROR:20:missing 'namespace'"],
  ['sindex-delete', () => "ERROR:4:missing 'indexname'ERROR:20:missing 'namespace'"],
  ['sindex-create', () => "ERROR:4:missing 'indexname'"],
  ['udf-get', () => 'error=invalid_filename'],
  ['udf-put', () => 'error=invalid_filename'],
  ['udf-remove', () => 'error=invalid_filename'],
  ['cluster-stable', (context) => answerClusterStable(context, new Map())],
])

/** Names that a Community server knows and refuses, with whatever parameters. */
const ENTERPRISE: ReadonlySet<string> = new Set([
  'service-tls-std',
  'service-tls-alt',
  'peers-tls-std',
  'peers-tls-alt',
  'rack-ids',
  'racks',
  'roster',
  'roster-set',
  'quiesce',
  'quiesce-undo',
  'feature-key',
  'masking',
  'xdr-set-filter',
  'xdr-get-filter',
])

type Parameters = ReadonlyMap<string, string>

/** Of those, what a server with TLS, security or racks answers here; alternate addresses are for plain connections. */
const OF_ENTERPRISE: ReadonlyMap<string, (context: InfoContext, parameters: Parameters) => string> = new Map<
  string,
  (context: InfoContext, parameters: Parameters) => string
>([
  ['service-tls-std', (context) => context.tlsAddress ?? ''],
  ['service-tls-alt', () => ''],
  ['peers-tls-std', (context) => printPeers(context, (peer) => peer.tlsAddress, context.tlsName)],
  ['peers-tls-alt', (context) => printPeers(context, () => undefined)],
  ['rack-ids', (context) => context.namespaces.map(({ name }) => `${name}:${context.rack}`).join(';')],
  ['racks', answerRacks],
])

/** Answers to `name:key=value;key=value`. */
const WITH_PARAMETERS: ReadonlyMap<string, (context: InfoContext, parameters: Parameters) => string> =
  new Map<string, (context: InfoContext, parameters: Parameters) => string>([
    ['user-agent-set', (_, parameters) => answerUserAgent(parameters)],
    ['get-config', answerConfiguration],
    ['get-stats', () => 'ERROR:4:unknown context'],
    ['set-config', () => 'ERROR:4:invalid set-config parameter'],
    ['cluster-stable', answerClusterStable],
    ['sindex-create', createIndex],
    ['sindex-exists', indexExists],
    ['sindex-stat', indexStatistics],
    ['sindex-delete', deleteIndex],
    ['sindex-list', listIndexes],
    ['udf-put', putModule],
    ['udf-get', getModule],
    ['udf-remove', removeModule],
    ['query-abort', abortJob],
    ['query-show', showJob],
    ['truncate', (context, parameters) => answerTruncate(context, parameters, true)],
    ['truncate-namespace', (context, parameters) => answerTruncate(context, parameters, false)],
    ['histogram', () => 'ERROR:4:unknown hist name'],
    ['latencies', () => ''],
  ])

/** Answers to `name/what/more`. */
const WITH_PATH: ReadonlyMap<string, (context: InfoContext, path: readonly string[]) => string> = new Map<
  string,
  (context: InfoContext, path: readonly string[]) => string
>([
  ['namespace', (context, path) => printNamespace(context, path)],
  ['sets', (context, path) => answerSets(context, path)],
  ['sindex', answerIndexPath],
  ['log', (_, path) => (path[0] === '0' ? 'misc:INFO' : 'ERROR::bad-id')],
])

/** What a request without names asks for. */
export const ALL_NAMES: readonly string[] = [
  'features',
  'node',
  'compatibility-id',
  'edition',
  'build',
  'version',
  'statistics',
  'services',
  'partition-generation',
  'cluster-name',
]

const HELP =
  'features;node;compatibility-id;edition;build_ee_sha;build_sha;build_arch;build_time;build_os;build;version;' +
  'statistics;services-alumni;services;partition-generation;best-practices;cluster-name;cluster-stable;debug-record;' +
  'debug-record-meta;dump-cluster;dump-fabric;dump-hb;dump-hlc;dump-migrates;dump-rw;dump-skew;dump-wb-summary;' +
  'eviction-reset;get-config;get-sl;get-stats;health-outliers;health-stats;help;histogram;index-pressure;jem-stats;' +
  'latencies;log;log-message;log-set;logs;namespace;namespaces;peers-clear-alt;peers-clear-std;peers-generation;' +
  'physical-devices;query-abort;query-abort-all;query-show;recluster;service;services-alumni-reset;set-config;set-log;' +
  'sets;sindex-create;sindex-delete;sindex-exists;sindex-list;sindex-stat;status;thread-traces;tip;tip-clear;truncate;' +
  'truncate-namespace;truncate-namespace-undo;truncate-undo;udf-get;udf-list;udf-put;udf-remove'

/** The answer to one name, errors included: they are text as well. */
export function answerInfoName(context: InfoContext, name: string): string {
  const colon = name.indexOf(':')
  const bare = colon < 0 ? name : name.slice(0, colon)
  if (ENTERPRISE.has(bare)) {
    const answer = context.isEnterprise ? OF_ENTERPRISE.get(bare) : undefined
    return answer?.(context, parseParameters(colon < 0 ? '' : name.slice(colon + 1))) ?? ENTERPRISE_ONLY
  }
  if (colon >= 0) {
    const text = name.slice(colon + 1)
    const answer = text === '' ? undefined : WITH_PARAMETERS.get(bare)
    return answer?.(context, parseParameters(text)) ?? PLAIN.get(bare)?.(context) ?? UNRECOGNIZED
  }
  const slash = name.indexOf('/')
  if (slash < 0) return PLAIN.get(name)?.(context) ?? UNRECOGNIZED
  return WITH_PATH.get(name.slice(0, slash))?.(context, name.slice(slash + 1).split('/')) ?? UNRECOGNIZED
}

/** `key=value;key=value`. */
export function parseParameters(text: string): Parameters {
  const parameters = new Map<string, string>()
  for (const part of text.split(';')) {
    const equals = part.indexOf('=')
    parameters.set(equals < 0 ? part : part.slice(0, equals), equals < 0 ? '' : part.slice(equals + 1))
  }
  return parameters
}

function editionOf({ isEnterprise }: InfoContext): string {
  return isEnterprise ? ENTERPRISE_EDITION : EDITION
}

/** `ns=test:rack_1=A1,A2:rack_2=A3;ns=bar:…`; of one namespace without its name. Source: as/src/base/thr_info.c, cmd_racks. */
function answerRacks(context: InfoContext, parameters: Parameters): string {
  const nodes = [{ name: context.nodeName, rack: context.rack }, ...context.peers]
  const racks = [...new Set(nodes.map(({ rack }) => rack))].sort((a, b) => a - b)
  const list = racks
    .map((rack) => {
      const names = nodes.filter((node) => node.rack === rack).map(({ name }) => name)
      return `rack_${rack}=${names.sort().reverse().join(',')}`
    })
    .join(':')
  const namespace = parameters.get('namespace')
  if (namespace === undefined) return context.namespaces.map(({ name }) => `ns=${name}:${list}`).join(';')
  return context.namespaces.some(({ name }) => name === namespace) ? list : 'ERROR:20:namespace not found'
}

function printPeers(
  context: InfoContext,
  addressOf: (peer: Peer) => string | undefined,
  tlsName = '',
): string {
  const peers: string[] = []
  for (const peer of context.peers) {
    const address = addressOf(peer)
    if (address !== undefined) peers.push(`[${peer.name},${tlsName},[${address}]]`)
  }
  return `${context.peersGeneration},${DEFAULT_PORT},[${peers.join(',')}]`
}

function printReplicas(
  context: InfoContext,
  print: (bitmaps: readonly string[], regime: number) => string,
): string {
  // A node that has no partitions yet says so with an empty map instead of none.
  const count = Math.max(1, context.ownership.replicas)
  const bitmaps = Array.from({ length: count }, (_, replica) =>
    Buffer.from(partitionBitmap(context.ownership, context.nodeName, replica)).toString('base64'),
  )
  return context.namespaces
    .map(({ name, settings }) => {
      const regime = settings.isStronglyConsistent ? context.rebalanceGeneration : 0
      return `${name}:${print(bitmaps, regime)}`
    })
    .join(';')
}

function printStatistics(context: InfoContext): string {
  const objects = context.namespaces.reduce((sum, namespace) => sum + namespace.size, 0)
  return [
    `cluster_size=${context.peers.length + 1}`,
    `cluster_key=${context.clusterKey}`,
    'cluster_integrity=true',
    'cluster_is_member=true',
    `uptime=${context.uptimeSeconds}`,
    `objects=${objects}`,
    `client_connections=${context.connections}`,
    'migrate_allowed=true',
    `migrate_partitions_remaining=${context.migratingPartitions}`,
  ].join(';')
}

function printEndpoints({ host, port }: InfoContext): string {
  return [
    `service.port=${port};service.addresses=${host};service.access-port=${port};service.access-addresses=${host}`,
    `service.alternate-access-port=${port};service.alternate-access-addresses=null`,
    'service.tls-port=0;service.tls-addresses=null;service.tls-access-port=0;service.tls-access-addresses=null',
    'service.tls-alternate-access-port=0;service.tls-alternate-access-addresses=null',
    `admin.port=${port + 3};admin.addresses=${host};admin.tls-port=0;admin.tls-addresses=null`,
    `heartbeat.port=${port + 2};heartbeat.addresses=${host};heartbeat.tls-port=0;heartbeat.tls-addresses=null`,
    `fabric.port=${port + 1};fabric.addresses=${host};fabric.tls-port=0;fabric.tls-addresses=null`,
  ].join(';')
}

function printNamespace(context: InfoContext, path: readonly string[]): string {
  const namespace = path.length === 1 ? context.namespaces.find(({ name }) => name === path[0]) : undefined
  if (namespace === undefined) return 'type=unknown'
  return [
    `ns_cluster_size=${context.peers.length + 1}`,
    `effective_replication_factor=${context.ownership.replicas}`,
    `objects=${namespace.size}`,
    'tombstones=0;stop_writes=false;hwm_breached=false;dead_partitions=0;unavailable_partitions=0',
    `migrate_tx_partitions_remaining=${context.migratingPartitions};migrate_rx_partitions_remaining=0`,
    namespaceConfiguration(context, namespace),
  ].join(';')
}

function printSets(namespace: InfoContext['namespaces'][number]): string {
  return namespace
    .countSets()
    .map(
      ({ name, records }) =>
        `ns=${namespace.name}:set=${name}:objects=${records}:tombstones=0:truncate_lut=0:sindexes=0;`,
    )
    .join('')
}

function answerSets(context: InfoContext, path: readonly string[]): string {
  const namespace = context.namespaces.find(({ name }) => name === path[0])
  return namespace === undefined ? 'ns_type=unknown' : printSets(namespace)
}

/** `sindex/namespace` lists, `sindex/namespace/name` counts. */
function answerIndexPath(context: InfoContext, [namespace = '', name]: readonly string[]): string {
  const parameters = new Map([['namespace', namespace]])
  if (name === undefined) return listIndexes(context, parameters)
  return indexStatistics(context, parameters.set('indexname', name))
}

function answerUserAgent(parameters: Parameters): string {
  const value = parameters.get('value')
  if (value === undefined) return "ERROR:4:missing 'value'"
  const isBase64 = value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
  return isBase64 ? 'ok' : "ERROR:4:'value' invalid base64"
}

function answerConfiguration(context: InfoContext, parameters: Parameters): string {
  switch (parameters.get('context')) {
    case 'service':
      return serviceConfiguration(context)
    case 'network':
      return networkConfiguration(context)
    case 'security':
      return ''
    case 'namespace': {
      const asked = parameters.get('namespace') ?? parameters.get('id')
      const namespace = context.namespaces.find(({ name }) => name === asked)
      return namespace === undefined
        ? 'ERROR:20:namespace not found on node'
        : namespaceConfiguration(context, namespace)
    }
    default:
      return 'ERROR:4:invalid context'
  }
}

function answerClusterStable(context: InfoContext, parameters: Parameters): string {
  const size = parameters.get('size')
  if (size !== undefined && !/^\d+$/.test(size)) return 'ERROR:4:bad size'
  if (size !== undefined && Number(size) !== context.peers.length + 1)
    return 'ERROR:7:cluster not specified size'
  const ignores = parameters.get('ignore-migrations') ?? 'false'
  if (ignores === 'true') return context.clusterKey
  if (ignores !== 'false') return 'ERROR:4:bad ignore migrations'
  const namespace = parameters.get('namespace')
  if (namespace !== undefined && !context.namespaces.some(({ name }) => name === namespace))
    return 'ERROR:20:namespace not found on node'
  return context.migratingPartitions > 0 ? 'ERROR:7:unstable cluster' : context.clusterKey
}
