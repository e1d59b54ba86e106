/**
 * What a server answered, or what the client itself ran into: names to numbers. Negative numbers never travel; they are the
 * client's own. Source: as/include/base/proto.h of the server; the negative ones are those of the official clients.
 */
export const RESULT_CODE = {
  TXN_ALREADY_ABORTED: -19,
  TXN_ALREADY_COMMITTED: -18,
  TXN_FAILED: -17,
  BATCH_FAILED: -16,
  NO_RESPONSE: -15,
  MAX_ERROR_RATE: -12,
  MAX_RETRIES_EXCEEDED: -11,
  SERIALIZE_ERROR: -10,
  ASYNC_QUEUE_FULL: -9,
  SERVER_NOT_AVAILABLE: -8,
  NO_MORE_CONNECTIONS: -7,
  QUERY_TERMINATED: -5,
  SCAN_TERMINATED: -4,
  INVALID_NODE_ERROR: -3,
  PARSE_ERROR: -2,
  CLIENT_ERROR: -1,
  OK: 0,
  SERVER_ERROR: 1,
  KEY_NOT_FOUND_ERROR: 2,
  GENERATION_ERROR: 3,
  PARAMETER_ERROR: 4,
  KEY_EXISTS_ERROR: 5,
  BIN_EXISTS_ERROR: 6,
  CLUSTER_KEY_MISMATCH: 7,
  SERVER_MEM_ERROR: 8,
  TIMEOUT: 9,
  ALWAYS_FORBIDDEN: 10,
  PARTITION_UNAVAILABLE: 11,
  BIN_TYPE_ERROR: 12,
  RECORD_TOO_BIG: 13,
  KEY_BUSY: 14,
  SCAN_ABORT: 15,
  UNSUPPORTED_FEATURE: 16,
  BIN_NOT_FOUND: 17,
  DEVICE_OVERLOAD: 18,
  KEY_MISMATCH: 19,
  INVALID_NAMESPACE: 20,
  BIN_NAME_TOO_LONG: 21,
  FAIL_FORBIDDEN: 22,
  ELEMENT_NOT_FOUND: 23,
  ELEMENT_EXISTS: 24,
  ENTERPRISE_ONLY: 25,
  OP_NOT_APPLICABLE: 26,
  FILTERED_OUT: 27,
  LOST_CONFLICT: 28,
  XDR_KEY_BUSY: 32,
  QUERY_END: 50,
  SECURITY_NOT_SUPPORTED: 51,
  SECURITY_NOT_ENABLED: 52,
  SECURITY_SCHEME_NOT_SUPPORTED: 53,
  INVALID_COMMAND: 54,
  INVALID_FIELD: 55,
  ILLEGAL_STATE: 56,
  INVALID_USER: 60,
  USER_ALREADY_EXISTS: 61,
  INVALID_PASSWORD: 62,
  EXPIRED_PASSWORD: 63,
  FORBIDDEN_PASSWORD: 64,
  INVALID_CREDENTIAL: 65,
  EXPIRED_SESSION: 66,
  INVALID_ROLE: 70,
  ROLE_ALREADY_EXISTS: 71,
  INVALID_PRIVILEGE: 72,
  INVALID_WHITELIST: 73,
  QUOTAS_NOT_ENABLED: 74,
  INVALID_QUOTA: 75,
  NOT_AUTHENTICATED: 80,
  ROLE_VIOLATION: 81,
  NOT_WHITELISTED: 82,
  QUOTA_EXCEEDED: 83,
  UDF_BAD_RESPONSE: 100,
  MRT_BLOCKED: 120,
  MRT_VERSION_MISMATCH: 121,
  MRT_EXPIRED: 122,
  MRT_TOO_MANY_WRITES: 123,
  MRT_COMMITTED: 124,
  MRT_ABORTED: 125,
  MRT_ALREADY_LOCKED: 126,
  MRT_MONITOR_EXISTS: 127,
  BATCH_DISABLED: 150,
  BATCH_MAX_REQUESTS_EXCEEDED: 151,
  BATCH_QUEUES_FULL: 152,
  INVALID_GEOJSON: 160,
  INDEX_ALREADY_EXISTS: 200,
  INDEX_NOTFOUND: 201,
  INDEX_OOM: 202,
  INDEX_NOTREADABLE: 203,
  INDEX_GENERIC: 204,
  INDEX_NAME_MAXLEN: 205,
  INDEX_MAXCOUNT: 206,
  QUERY_ABORTED: 210,
  QUERY_QUEUEFULL: 211,
  QUERY_TIMEOUT: 212,
  QUERY_GENERIC: 213,
} as const

/** Name of a result code, as the documentation of the server and of all clients spells it. */
export type ResultCodeName = keyof typeof RESULT_CODE

/** Families of errors; each is one error class of the client, `Bin` and the four after it share a parent, and so on. */
export type ResultCodeKind =
  | 'Ok'
  | 'Aerospike'
  | 'RecordNotFound'
  | 'RecordExists'
  | 'Generation'
  | 'Filtered'
  | 'RecordTooBig'
  | 'Bin'
  | 'BinExists'
  | 'BinNotFound'
  | 'BinType'
  | 'BinOpInvalid'
  | 'ElementNotFound'
  | 'ElementExists'
  | 'Transaction'
  | 'Commit'
  | 'Security'
  | 'Authentication'
  | 'Authorization'
  | 'Quota'
  | 'Capacity'
  | 'KeyBusy'
  | 'Connection'
  | 'Index'
  | 'Query'
  | 'QueryTerminated'
  | 'Batch'
  | 'Udf'
  | 'Timeout'
  | 'InvalidNamespace'
  | 'InvalidNode'
  | 'Serialize'
  | 'Parse'
  | 'Backoff'

/** What is known about one result code. */
export interface ResultCodeRow {
  readonly code: number
  readonly name: string
  /** The error class it becomes. */
  readonly kind: ResultCodeKind
  /** Another attempt of the same request, soon or at another replica, may succeed; the client makes it within its budget. */
  readonly retryable: boolean
  /**
   * A write that was sent once and ended like this may have been carried out all the same. (A write that was sent more than
   * once is in doubt whatever the code.)
   */
  readonly inDoubt: boolean
  /** What happened, and what to do about it. */
  readonly sentence: string
}

interface Traits {
  readonly retryable: boolean
  readonly inDoubt: boolean
}

/** Final, and the server certainly did not do it. */
const FINAL: Traits = { retryable: false, inDoubt: false }
/** Not done; trying again may help. */
const RETRY: Traits = { retryable: true, inDoubt: false }
/** Nobody knows whether it was done; trying again may help. */
const UNKNOWN: Traits = { retryable: true, inDoubt: true }
/** Nobody knows whether it was done, and trying again does not help. */
const DOUBTFUL: Traits = { retryable: false, inDoubt: true }

function row(name: ResultCodeName, kind: ResultCodeKind, traits: Traits, sentence: string): ResultCodeRow {
  return { code: RESULT_CODE[name], name, kind, ...traits, sentence }
}

/**
 * All result codes with what they mean. The only place that says what a code means: retry rules, error classes and the error
 * reference are made from it.
 */
export const RESULT_CODES: readonly ResultCodeRow[] = [
  row('TXN_ALREADY_ABORTED', 'Transaction', FINAL, 'The transaction was aborted before; begin a new one.'),
  row(
    'TXN_ALREADY_COMMITTED',
    'Transaction',
    FINAL,
    'The transaction was committed before; begin a new one for further changes.',
  ),
  row(
    'TXN_FAILED',
    'Commit',
    DOUBTFUL,
    "The transaction could not be committed or rolled back; the error's cause says at which step it stopped.",
  ),
  row(
    'BATCH_FAILED',
    'Batch',
    DOUBTFUL,
    'At least one row of the batch failed; look at the result of each row.',
  ),
  row(
    'NO_RESPONSE',
    'Batch',
    UNKNOWN,
    'The server sent no answer for this row of a batch; ask for the row again.',
  ),
  row(
    'MAX_ERROR_RATE',
    'Backoff',
    RETRY,
    'The node had too many errors lately and gets no requests for the moment; wait, or raise maxErrorRate.',
  ),
  row(
    'MAX_RETRIES_EXCEEDED',
    'Timeout',
    DOUBTFUL,
    'Every allowed attempt failed; the list of attempts says how each one ended.',
  ),
  row(
    'SERIALIZE_ERROR',
    'Serialize',
    FINAL,
    "A value cannot be written in the database's format; the message names the place in the value.",
  ),
  row(
    'ASYNC_QUEUE_FULL',
    'Capacity',
    RETRY,
    'Too many requests are waiting for a connection; send fewer at a time, or allow more connections.',
  ),
  row(
    'SERVER_NOT_AVAILABLE',
    'Connection',
    UNKNOWN,
    'A node cannot be reached or closed the connection; check that it runs and that its published address is reachable from here.',
  ),
  row(
    'NO_MORE_CONNECTIONS',
    'Capacity',
    RETRY,
    'All connections allowed to the node are in use; raise the maximum or send fewer requests at a time.',
  ),
  row(
    'QUERY_TERMINATED',
    'QueryTerminated',
    FINAL,
    'The query was ended by the program before its last record.',
  ),
  row(
    'SCAN_TERMINATED',
    'QueryTerminated',
    FINAL,
    'The scan was ended by the program before its last record.',
  ),
  row(
    'INVALID_NODE_ERROR',
    'InvalidNode',
    RETRY,
    "No node of the cluster is known for the record's partition; the cluster may be changing, or the seeds are wrong.",
  ),
  row(
    'PARSE_ERROR',
    'Parse',
    DOUBTFUL,
    "The server's answer could not be understood; the connection was closed. Report it with the bytes shown.",
  ),
  row(
    'CLIENT_ERROR',
    'Aerospike',
    DOUBTFUL,
    'The client could not carry out the command; the cause says why.',
  ),
  row('OK', 'Ok', FINAL, 'Done.'),
  row(
    'SERVER_ERROR',
    'Aerospike',
    FINAL,
    'The server failed to carry out the command; its log says why. For a written list or map: its bytes are not valid.',
  ),
  row(
    'KEY_NOT_FOUND_ERROR',
    'RecordNotFound',
    FINAL,
    'There is no record with this key; check namespace, set and key, or write it with upsert.',
  ),
  row(
    'GENERATION_ERROR',
    'Generation',
    FINAL,
    'The record was changed since its generation was read; read it again and repeat the change.',
  ),
  row(
    'PARAMETER_ERROR',
    'Aerospike',
    FINAL,
    'The server refuses a parameter of the request: a wrong set for this record, a time to live out of range, or operations that do not go together.',
  ),
  row(
    'KEY_EXISTS_ERROR',
    'RecordExists',
    FINAL,
    'There is a record with this key already; use upsert, update or replace to change it.',
  ),
  row(
    'BIN_EXISTS_ERROR',
    'BinExists',
    FINAL,
    'The bin exists already and the operation may only create it; use another write mode.',
  ),
  row('CLUSTER_KEY_MISMATCH', 'Aerospike', RETRY, 'The cluster changed while the command ran; repeat it.'),
  row(
    'SERVER_MEM_ERROR',
    'Capacity',
    FINAL,
    'The namespace is out of space and takes no writes; free or add memory or storage.',
  ),
  row(
    'TIMEOUT',
    'Timeout',
    UNKNOWN,
    'The time allowed ran out before an answer came; raise the timeout, or find out what keeps the server or this process busy.',
  ),
  row(
    'ALWAYS_FORBIDDEN',
    'Aerospike',
    FINAL,
    "The server's configuration does not allow this command at all.",
  ),
  row(
    'PARTITION_UNAVAILABLE',
    'Aerospike',
    RETRY,
    "The record's partition is not available now, because nodes are missing from the cluster; bring them back.",
  ),
  row(
    'BIN_TYPE_ERROR',
    'BinType',
    FINAL,
    'The operation does not fit the type of value in the bin; check what the bin holds.',
  ),
  row(
    'RECORD_TOO_BIG',
    'RecordTooBig',
    FINAL,
    'The record would become larger than the namespace allows; store less in it, or raise max-record-size.',
  ),
  row(
    'KEY_BUSY',
    'KeyBusy',
    RETRY,
    'Too many commands wait for this one record; spread the load over more keys, or raise transaction-pending-limit.',
  ),
  row('SCAN_ABORT', 'Query', FINAL, 'The scan was aborted on the server; start it again.'),
  row(
    'UNSUPPORTED_FEATURE',
    'Aerospike',
    FINAL,
    'The server does not have this feature, or not in this kind of namespace; check its version and configuration.',
  ),
  row(
    'BIN_NOT_FOUND',
    'BinNotFound',
    FINAL,
    'The record has no such bin and the operation needs it; check the name, or create the bin first.',
  ),
  row(
    'DEVICE_OVERLOAD',
    'Capacity',
    RETRY,
    'The storage device cannot keep up with the writes; slow down, or add capacity.',
  ),
  row(
    'KEY_MISMATCH',
    'Aerospike',
    FINAL,
    'The key sent is not the one stored with the record: two keys share a digest, or the type of the key changed.',
  ),
  row(
    'INVALID_NAMESPACE',
    'InvalidNamespace',
    FINAL,
    "The cluster has no such namespace; check the spelling and the server's configuration.",
  ),
  row(
    'BIN_NAME_TOO_LONG',
    'Bin',
    FINAL,
    'A bin name is longer than 15 bytes of UTF-8 or contains a zero byte; choose another.',
  ),
  row(
    'FAIL_FORBIDDEN',
    'Aerospike',
    FINAL,
    'The server does not allow this now: a time to live in a namespace that expires nothing, a set with limits, migrations in progress, or a delete that is not durable where the namespace is strongly consistent.',
  ),
  row(
    'ELEMENT_NOT_FOUND',
    'ElementNotFound',
    FINAL,
    'The map has no such key and the operation may only update; use another write mode.',
  ),
  row(
    'ELEMENT_EXISTS',
    'ElementExists',
    FINAL,
    'The list or map has this element already and the operation may only create it; use another write mode.',
  ),
  row(
    'ENTERPRISE_ONLY',
    'Aerospike',
    FINAL,
    'This needs the Enterprise Edition or a feature key that the server does not have.',
  ),
  row(
    'OP_NOT_APPLICABLE',
    'BinOpInvalid',
    FINAL,
    'The operation cannot be applied to what the bin holds: an index out of range, or an expression without a value.',
  ),
  row(
    'FILTERED_OUT',
    'Filtered',
    FINAL,
    'The filter expression was false for this record, so nothing was done.',
  ),
  row(
    'LOST_CONFLICT',
    'Aerospike',
    FINAL,
    'A newer version of the record won a conflict between data centres; this write is void.',
  ),
  row(
    'XDR_KEY_BUSY',
    'KeyBusy',
    RETRY,
    'The record is still being shipped to another data centre; try again later.',
  ),
  row('QUERY_END', 'Query', FINAL, 'No more records.'),
  row(
    'SECURITY_NOT_SUPPORTED',
    'Security',
    FINAL,
    'The server has no security (Community Edition); connect without user and password.',
  ),
  row(
    'SECURITY_NOT_ENABLED',
    'Security',
    FINAL,
    'Security is switched off on the server; connect without user and password.',
  ),
  row(
    'SECURITY_SCHEME_NOT_SUPPORTED',
    'Security',
    FINAL,
    'The server does not support this way of logging in; check the authentication mode.',
  ),
  row(
    'INVALID_COMMAND',
    'Aerospike',
    FINAL,
    'The server does not know this administrative command; check its version.',
  ),
  row(
    'INVALID_FIELD',
    'Aerospike',
    FINAL,
    'The server does not know a field of this administrative command; check its version.',
  ),
  row(
    'ILLEGAL_STATE',
    'Security',
    FINAL,
    'The command does not fit the state of the session, for instance logging in twice.',
  ),
  row(
    'INVALID_USER',
    'Authentication',
    FINAL,
    'There is no such user, or no user was given; check the credentials.',
  ),
  row(
    'USER_ALREADY_EXISTS',
    'Security',
    FINAL,
    'There is a user of this name already; choose another name or change that user.',
  ),
  row(
    'INVALID_PASSWORD',
    'Authentication',
    FINAL,
    'The password is wrong or missing; check the credentials.',
  ),
  row('EXPIRED_PASSWORD', 'Authentication', FINAL, 'The password has expired; set a new one.'),
  row('FORBIDDEN_PASSWORD', 'Security', FINAL, 'This password may not be used (again); choose another.'),
  row(
    'INVALID_CREDENTIAL',
    'Authentication',
    FINAL,
    'User and password do not match; check the credentials.',
  ),
  row(
    'EXPIRED_SESSION',
    'Security',
    RETRY,
    'The login has expired; the client logs in again and repeats the command.',
  ),
  row(
    'INVALID_ROLE',
    'Security',
    FINAL,
    'There is no such role, or its name is not allowed; check the spelling.',
  ),
  row(
    'ROLE_ALREADY_EXISTS',
    'Security',
    FINAL,
    'There is a role of this name already; choose another name or change that role.',
  ),
  row(
    'INVALID_PRIVILEGE',
    'Security',
    FINAL,
    'There is no such privilege, or it cannot be limited to a namespace or set; check it.',
  ),
  row(
    'INVALID_WHITELIST',
    'Security',
    FINAL,
    'An address range of the allow-list is not valid; write it as address or address/bits.',
  ),
  row('QUOTAS_NOT_ENABLED', 'Quota', FINAL, 'Quotas are switched off on the server; switch them on first.'),
  row(
    'INVALID_QUOTA',
    'Quota',
    FINAL,
    'The quota is out of range; give a positive number of operations per second.',
  ),
  row('NOT_AUTHENTICATED', 'Authentication', FINAL, 'The server requires a login; give user and password.'),
  row(
    'ROLE_VIOLATION',
    'Authorization',
    FINAL,
    "The user's roles do not permit this command; ask for a role that does.",
  ),
  row(
    'NOT_WHITELISTED',
    'Authorization',
    FINAL,
    "The user may not connect from this address; have it added to the role's allow-list.",
  ),
  row(
    'QUOTA_EXCEEDED',
    'Quota',
    FINAL,
    "The user's quota of operations per second is used up; slow down, or have it raised.",
  ),
  row(
    'UDF_BAD_RESPONSE',
    'Udf',
    FINAL,
    "The user-defined function failed; the message is the function's own.",
  ),
  row(
    'MRT_BLOCKED',
    'Transaction',
    FINAL,
    'The record is locked by another transaction; try again when that has ended.',
  ),
  row(
    'MRT_VERSION_MISMATCH',
    'Transaction',
    FINAL,
    'A record read in the transaction was changed by others since; run the transaction again.',
  ),
  row(
    'MRT_EXPIRED',
    'Transaction',
    FINAL,
    'The transaction took longer than its deadline and was rolled back; run it again, faster or with a longer deadline.',
  ),
  row(
    'MRT_TOO_MANY_WRITES',
    'Transaction',
    FINAL,
    'The transaction writes more records than the server allows (4096); split it.',
  ),
  row('MRT_COMMITTED', 'Transaction', FINAL, 'The transaction was committed already.'),
  row('MRT_ABORTED', 'Transaction', FINAL, 'The transaction was aborted already; run it again.'),
  row(
    'MRT_ALREADY_LOCKED',
    'Transaction',
    FINAL,
    'The record is locked by an earlier write of this transaction.',
  ),
  row('MRT_MONITOR_EXISTS', 'Transaction', FINAL, 'The transaction was begun already on the server.'),
  row('BATCH_DISABLED', 'Batch', FINAL, 'Batches are switched off on the server (batch-index-threads 0).'),
  row(
    'BATCH_MAX_REQUESTS_EXCEEDED',
    'Capacity',
    FINAL,
    'The batch has more rows for one node than the server allows; send smaller ones, or raise batch-max-requests.',
  ),
  row(
    'BATCH_QUEUES_FULL',
    'Capacity',
    RETRY,
    "The server's batch queues are full; send fewer batches at a time.",
  ),
  row(
    'INVALID_GEOJSON',
    'Aerospike',
    FINAL,
    'The text is not valid GeoJSON, or not a shape the server supports; check coordinates and winding.',
  ),
  row(
    'INDEX_ALREADY_EXISTS',
    'Index',
    FINAL,
    'There is another index of this name, or this index under another name; drop it first or use it.',
  ),
  row('INDEX_NOTFOUND', 'Index', FINAL, 'There is no index for this query, or none of this name; create it.'),
  row('INDEX_OOM', 'Index', FINAL, 'The server has no memory left for the index; add memory.'),
  row('INDEX_NOTREADABLE', 'Index', RETRY, 'The index is still being built; wait until it is ready.'),
  row('INDEX_GENERIC', 'Index', FINAL, 'The server failed to work on the index; its log says why.'),
  row('INDEX_NAME_MAXLEN', 'Index', FINAL, 'The name of the index is too long; choose a shorter one.'),
  row(
    'INDEX_MAXCOUNT',
    'Index',
    FINAL,
    'The namespace has as many indexes as the server allows; drop one that is not used.',
  ),
  row('QUERY_ABORTED', 'Query', FINAL, 'The query was aborted on the server; start it again.'),
  row('QUERY_QUEUEFULL', 'Query', RETRY, 'The server runs as many queries as it may; wait for some to end.'),
  row(
    'QUERY_TIMEOUT',
    'Query',
    FINAL,
    'The query took longer than the server allows; narrow it, or raise its timeout.',
  ),
  row('QUERY_GENERIC', 'Query', FINAL, 'The server failed to run the query; its log says why.'),
]

const BY_CODE: ReadonlyMap<number, ResultCodeRow> = new Map(RESULT_CODES.map((known) => [known.code, known]))

/** Whether a server says with this code that it does not know the connection's login, and so has done nothing. */
export function isLoginLost(code: number): boolean {
  return code === RESULT_CODE.EXPIRED_SESSION || code === RESULT_CODE.NOT_AUTHENTICATED
}

/** The row of a code. A code unknown to this version gets a general row, so that new servers do not confuse old clients. */
export function resultCodeRow(code: number): ResultCodeRow {
  const known = BY_CODE.get(code)
  if (known !== undefined) return known
  return {
    code,
    name: `CODE_${code}`,
    kind: 'Aerospike',
    ...FINAL,
    sentence: `The server answered with code ${code}, which this version does not know; see the server's documentation.`,
  }
}
