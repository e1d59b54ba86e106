import { EncodeError, RESULT_CODE, resultCodeRow } from '@aero/codec'
import { type ClusterOptions, ConfigError, type Logger } from '@aero/config'
import { ClusterUnreachableError, Cluster as TendedCluster, type TenderOptions } from '@aero/tender'
import {
  type Clock,
  CredentialsError,
  DeadlineExceededError,
  Endpoint,
  hashPassword,
  LoginFailedError,
  LoginSocketOpener,
  NO_PASSWORD,
  type SocketOpener,
  systemClock,
  TcpSocketOpener,
  TlsOptionsError,
  TlsSocketOpener,
} from '@aero/transport'
import { Administration } from './administration.ts'
import { AbortError, AerospikeError, ConnectionError, errorFromCode } from './errors.ts'
import { VERSION } from './version.ts'

/*
 * The composition root: the one place where options become pools and a tended cluster.
 */

/** What `connect` takes. */
export interface ConnectOptions {
  /** Gives up connecting; nothing stays open. */
  readonly signal?: AbortSignal
  /** Told what is seen of the cluster; the definition's unless given. */
  readonly logger?: Logger | undefined
}

/** What a cluster is made of, before there is a front end to it. */
export interface TendedParts {
  readonly tended: TendedCluster
  readonly clock: Clock
  readonly administration: Administration
}

/** Opens what both front ends stand on. Rejects with what went wrong as it is: see {@link asConnectError}. */
export async function openTended(
  options: ClusterOptions,
  { signal, logger }: ConnectOptions = {},
): Promise<TendedParts> {
  const clock = systemClock
  const opener = await makeOpener(options, clock, new TcpSocketOpener())
  signal?.throwIfAborted()
  const tended = await TendedCluster.open({ ...tenderOptions(options), opener, clock }, signal)
  if (logger !== undefined) tellLogger(logger, tended)
  const administration = new Administration({
    send: async (request, timeoutMs, adminSignal) => {
      try {
        return await tended.administer(request, timeoutMs, adminSignal)
      } catch (error) {
        throw asRequestError(error, request.command, adminSignal)
      }
    },
    hashPassword,
    noPassword: NO_PASSWORD,
    passwordChanged: (user, password) => {
      if (user === userOf(options) && opener instanceof LoginSocketOpener) opener.usePassword(password)
    },
  })
  return { tended, clock, administration }
}

/** What a logger hears. Addresses and names, never what is stored and never secrets. */
function tellLogger(logger: Logger, tended: TendedCluster): void {
  logger.info?.(`connected to ${tended.nodes().join(', ')}`)
  tended.on('node-added', ({ node }) => logger.info?.(`node ${node} joined`))
  tended.on('node-removed', ({ node, reason }) => logger.info?.(`node ${node} left: ${reason}`))
  tended.on('node-suspended', ({ node, errors }) =>
    logger.warn?.(`node ${node} is suspended after ${errors} errors`),
  )
  tended.on('node-resumed', ({ node }) => logger.info?.(`node ${node} is in use again`))
  tended.on('node-restarted', ({ node }) => logger.info?.(`node ${node} was restarted`))
  tended.on('partitions-changed', ({ namespaces }) =>
    logger.debug?.(`partitions of ${namespaces.join(', ')} have moved`),
  )
  tended.on('disconnected', () => logger.error?.('no node of the cluster is left'))
  tended.on('warning', ({ address, cause }) => logger.warn?.(`${address}: ${cause.message}`))
}

/** What opens connections: with options for TLS always through TLS, with credentials always with a login. */
async function makeOpener(
  { tls, credentials, systemSettings, useServicesAlternate, ipMap }: ClusterOptions,
  clock: Clock,
  plain: SocketOpener,
): Promise<SocketOpener> {
  if (tls === undefined && credentials === undefined) return plain
  const opener = tls === undefined ? plain : await TlsSocketOpener.create(tls)
  if (credentials === undefined) return opener
  const afterLogin = {
    opener: plain,
    useServicesAlternate,
    translate: (host: string): string => ipMap[host] ?? host,
  }
  return new LoginSocketOpener({
    credentials,
    opener,
    clock,
    loginTimeoutMs: systemSettings.loginTimeout,
    ...(tls?.forLoginOnly === true && { plain: afterLogin }),
  })
}

function tenderOptions(options: ClusterOptions): TenderOptions {
  const { systemSettings } = options
  return {
    seeds: options.hosts.map(({ name, port, tlsName }) => new Endpoint(name, port, tlsName)),
    userAgent: { client: `aero-${VERSION}`, application: options.appId ?? userOf(options) },
    clusterName: options.clusterName,
    tendInterval: systemSettings.tendInterval,
    failIfNotConnected: options.failIfNotConnected,
    useServicesAlternate: options.useServicesAlternate,
    ipMap: options.ipMap,
    racks: options.racks,
    tendTimeout: systemSettings.tendTimeout,
    maxErrorRate: systemSettings.maxErrorRate,
    errorRateWindow: systemSettings.errorRateWindow,
    pool: {
      pipelining: systemSettings.pipelining,
      wakefulWait: systemSettings.wakefulWait,
      maxConnections: systemSettings.maxConnectionsPerNode,
      minConnections: systemSettings.minConnectionsPerNode,
      maxIdleMs: systemSettings.maxSocketIdleTime,
    },
  }
}

/** What a server without a name for the program logs it as. */
function userOf({ credentials }: ClusterOptions): string | undefined {
  return credentials === undefined || credentials.mode === 'pki' ? undefined : credentials.user
}

/** The error that a failed `connect` throws. */
export function asConnectError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) {
    return new AbortError('connecting was aborted', RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
  }
  if (!(error instanceof Error) || error instanceof AerospikeError || error instanceof ConfigError)
    return error
  const refusal = refusalIn(error)
  if (refusal !== undefined) {
    // Each address tells what the code means; the error says it once, at its end.
    const message = error.message.replaceAll(`. ${resultCodeRow(refusal).sentence}`, '')
    return errorFromCode(refusal, { message, cause: error })
  }
  if (error instanceof TlsOptionsError || error instanceof CredentialsError) {
    return new ConnectionError(error.message, RESULT_CODE.CLIENT_ERROR, { cause: error })
  }
  return new ConnectionError(error.message, RESULT_CODE.SERVER_NOT_AVAILABLE, { cause: error })
}

/** What went wrong with an administrative request that got no answer. */
function asRequestError(error: unknown, command: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) {
    return new AbortError(`${command} was aborted`, RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
  }
  if (!(error instanceof Error)) return error
  const code =
    error instanceof EncodeError
      ? RESULT_CODE.SERIALIZE_ERROR
      : error instanceof DeadlineExceededError
        ? RESULT_CODE.TIMEOUT
        : error instanceof LoginFailedError && error.resultCode !== undefined
          ? error.resultCode
          : RESULT_CODE.SERVER_NOT_AVAILABLE
  return errorFromCode(code, { message: `${command}: ${error.message}`, cause: error })
}

/** The code with which a login was refused, if that is why connecting failed. */
function refusalIn(error: Error): number | undefined {
  if (!(error instanceof ClusterUnreachableError)) return undefined
  for (const { cause } of error.failures) {
    if (cause instanceof LoginFailedError && cause.resultCode !== undefined) return cause.resultCode
  }
  return undefined
}
