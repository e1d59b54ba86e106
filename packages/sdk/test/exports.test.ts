import { readFileSync } from 'node:fs'
import * as language from '@aero/ael'
import * as asynchronous from '@aero/async'
import * as config from '@aero/config'
import * as sdk from '@aero/sdk'
import * as sync from '@aero/sdk/sync'
import { describe, expect, it } from 'vitest'

// A name that appears here is a promise to users; one that disappears breaks them. So both are said by hand.

const CLASSES_AND_FUNCTIONS = [
  // connecting
  'Cluster',
  'ClusterDefinition',
  'ConfigError',
  'Host',
  'parseHosts',
  'TlsBuilder',
  // users and roles
  'Administration',
  // behaviors
  'Behavior',
  'BehaviorRegistry',
  // sessions, keys and builders
  'Aggregation',
  'BatchBuilder',
  'BinBuilder',
  'DataSet',
  'BackgroundBuilder',
  'BackgroundTask',
  'BackgroundTasks',
  'IndexBuilder',
  'IndexTask',
  'InfoCommands',
  'ModuleTask',
  'Task',
  'IndexFilter',
  'IndexQueryBuilder',
  'KeyQueryBuilder',
  'NavigableRecords',
  'ReadBinBuilder',
  'SchemaError',
  'Session',
  'UsageError',
  'UdfBuilder',
  'WriteBuilder',
  // conditions
  'ael',
  'compile',
  'Exp',
  'parseCtx',
  'AelError',
  // lists, maps, bits and HyperLogLogs
  'HllConfig',
  'INFINITY',
  'ReadPath',
  'WILDCARD',
  'WritePath',
  // values
  'Double',
  'double',
  'GeoJson',
  'HyperLogLog',
  'Key',
  'Record',
  'RESULT_CODE',
  'SortedMap',
  // results
  'FailedRow',
  'FunctionRow',
  'OkRow',
  'RecordStream',
  'ValueStream',
  // errors
  'EncodeError',
  'AbortError',
  'AerospikeError',
  'AuthenticationError',
  'AuthorizationError',
  'BackoffError',
  'BatchError',
  'BinError',
  'BinExistsError',
  'BinNotFoundError',
  'BinOpInvalidError',
  'BinTypeError',
  'CapacityError',
  'CommitError',
  'ConnectionError',
  'ElementError',
  'ElementExistsError',
  'ElementNotFoundError',
  'FilteredError',
  'GenerationError',
  'IndexError',
  'InvalidNamespaceError',
  'InvalidNodeError',
  'KeyBusyError',
  'ParseError',
  'QueryError',
  'QueryTerminatedError',
  'QuotaError',
  'RecordExistsError',
  'RecordNotFoundError',
  'RecordTooBigError',
  'SecurityError',
  'SerializeError',
  'TimeoutError',
  'TransactionError',
  'UdfError',
]

const TYPES = [
  'Argument',
  'Bound',
  'Expression',
  'ExpressionType',
  'LoopPart',
  'Operation',
  'PathStep',
  'BitArithmetic',
  'PathOptions',
  'BitResizeOptions',
  'BitWriteOptions',
  'HllWriteOptions',
  'ListCreateChoices',
  'ListOrderName',
  'ListReturn',
  'ListSortOptions',
  'ListStepOptions',
  'ListWriteItemsOptions',
  'ListWriteOptions',
  'MapEntries',
  'MapOrderName',
  'MapReturn',
  'MapStepOptions',
  'MapWriteItemsOptions',
  'MapWriteOptions',
  'Ael',
  'AelNode',
  'AelTemplate',
  'AelType',
  'Compiled',
  'CompileOptions',
  'Condition',
  'ExpBuilder',
  'AnyArg',
  'Arg',
  'ExpCallOptions',
  'ExpManyOptions',
  'ExpMapWriteOptions',
  'RegexOptions',
  'ExpOf',
  'SelectOptions',
  'Filter',
  'Formula',
  'SelectFromOptions',
  'WriteFromOptions',
  'AdministrationOptions',
  'AggregationOptions',
  'AggregationPlan',
  'StreamFunctions',
  'AttemptReport',
  'AuthMode',
  'BehaviorChanges',
  'Bins',
  'BinsRead',
  'BatchOutcome',
  'BatchPlan',
  'BatchSegment',
  'BinIssue',
  'BinsToPut',
  'BinsToWrite',
  'BinValue',
  'CallOptions',
  'ClusterDescription',
  'ClusterOptions',
  'ClusterEvents',
  'ClusterListener',
  'ClusterStats',
  'ConnectOptions',
  'Credentials',
  'Duration',
  'ErrorDetails',
  'ExecuteOptions',
  'HostLiteral',
  'KeyOrKeys',
  'KeyData',
  'KeyValue',
  'Logger',
  'NodeInfo',
  'NumberBinValue',
  'PemSource',
  'Plan',
  'Privilege',
  'PrivilegeName',
  'RecordPlan',
  'RecordVerb',
  'Role',
  'Row',
  'RowSource',
  'BackgroundPlan',
  'BackgroundProgress',
  'BackgroundRunner',
  'IndexDetails',
  'IndexRunner',
  'ListedIndex',
  'ListedModule',
  'NamespaceDetails',
  'RecordSpace',
  'SetDetails',
  'TaskOptions',
  'IndexFilterOptions',
  'QueryCursor',
  'QueryDuration',
  'QueryExplanation',
  'QueryHint',
  'QueryPlan',
  'QueryRunner',
  'SortKey',
  'SchemaIssue',
  'SchemaOptions',
  'SchemaResult',
  'SessionOptions',
  'StandardSchema',
  'Streams',
  'TypedBin',
  'TypedReadBin',
  'Settings',
  'SystemSettings',
  'TlsOptions',
  'TlsVersion',
  'User',
  'UserActivity',
  'Value',
  'Writable',
  'WriteVerb',
]

/** What the packages behind have for other packages, or for tools, and what the blocking front end has of its own. */
const NOT_FOR_APPLICATIONS = [
  'ClusterDefinitionBase',
  'DEFAULT_PORT',
  'DEFAULT_SYSTEM_SETTINGS',
  'errorFromCode',
  'parseDuration',
  'printDuration',
  'printSettingReference',
  'printSystemSettingReference',
  'ChangeBuilder',
  'RecordBuilder',
  'resolveSystemSettings',
  'SessionVerbs',
  'SETTING_OPTIONS',
  'SYSTEM_OPTIONS',
]

const door = (file: string): string => readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')

/** Names after `type` in the door's lists: what a program cannot see at run time. */
const typesOf = (text: string): string[] =>
  [...text.matchAll(/\btype (\w+)(?=\s*[,}])/g)].map((match) => match[1] as string)

describe('@aero/sdk', () => {
  it('exports exactly these values', () => {
    expect(Object.keys(sdk).sort()).toEqual([...CLASSES_AND_FUNCTIONS].sort())
  })

  it('exports exactly these types', () => {
    expect(typesOf(door('index.ts')).sort()).toEqual([...TYPES].sort())
  })

  it('leaves out nothing of what is behind it but what is not for applications', () => {
    const behind = [...Object.keys(asynchronous), ...Object.keys(config)]
    expect([...new Set(behind.filter((name) => !(name in sdk)))].sort()).toEqual(
      [...NOT_FOR_APPLICATIONS].sort(),
    )
  })

  it('exports the same classes as the packages behind it, not copies', () => {
    for (const [name, value] of Object.entries(sdk)) {
      const original = [asynchronous, config, language]
        .map((behind) => (behind as { [name: string]: unknown })[name])
        .find((found) => found !== undefined)
      expect(value, name).toBe(original)
    }
  })

  it.each(['index.ts', 'sync.ts'])('%s holds names only', (file) => {
    const text = door(file)
    expect(text).not.toMatch(/export \*|export default/)
    expect(
      text
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .replace(/export( type)? \{[^}]*\} from '[^']*'/g, '')
        .trim(),
    ).toBe('')
  })
})

/** What the blocking front end has of its own, under the same names. */
const BLOCKING = ['Aggregation', 'Cluster', 'ClusterDefinition', 'RecordStream', 'Session', 'ValueStream']

describe('@aero/sdk/sync', () => {
  it('has no name that @aero/sdk has not', () => {
    expect(Object.keys(sync).filter((name) => !(name in sdk))).toEqual([])
    expect(typesOf(door('sync.ts')).filter((name) => !TYPES.includes(name))).toEqual([])
  })

  it('has every name that @aero/sdk has', () => {
    const namesOf = (file: string): string[] =>
      [...door(file).matchAll(/export(?: type)? \{([^}]*)\}/g)]
        .flatMap(([, names]) => names?.match(/\w+(?=\s*(?:,|$))/g) ?? [])
        .sort()
    expect(namesOf('sync.ts')).toEqual(namesOf('index.ts'))
  })

  it('has the same classes, but for those that wait', () => {
    const own = Object.entries(sync).filter(
      ([name, value]) => value !== (sdk as { [name: string]: unknown })[name],
    )
    expect(own.map(([name]) => name).sort()).toEqual(BLOCKING)
  })
})
