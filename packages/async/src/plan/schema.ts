import { isWriteOperation, Key, type KeyValue, OPERATION_TYPE } from '@aero/codec'
import type { KeyOrKeys } from './keys.ts'
import type { RecordPlan } from './plan.ts'
import { UsageError } from './usage-error.ts'

/**
 * A schema in the Standard Schema convention, version 1, as Zod, Valibot, ArkType and others make them.
 * Source: https://standardschema.dev, whose interface this is, as far as it is used here.
 *
 * @typeParam Input what the schema takes: the bins as they are stored
 */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined
  }
}

/** What a schema makes of a value: nothing amiss, or the issues. */
export interface SchemaResult {
  readonly issues?: readonly SchemaIssue[] | undefined
}

/** What a schema finds amiss, and where. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A schema, and when it judges. */
export interface SchemaOptions<B> {
  /**
   * Judges the bins of every write before anything is sent: at once, without a promise. It judges and changes nothing; what it
   * would make of the bins (defaults, conversions) is not taken.
   */
  readonly schema: StandardSchema<B>
  /** Judges what is read too. Default false. */
  readonly validateReads?: boolean
}

/** One thing that is amiss: the way to it (`tags[2]`, empty for the record as a whole), and what. */
export interface BinIssue {
  readonly path: string
  readonly message: string
}

/**
 * Bins are not what the schema of their data set says. Thrown by writes before anything is sent; the cause of a ParseError when
 * a read was to be judged.
 */
export class SchemaError extends TypeError {
  override readonly name: string = 'SchemaError'
  readonly key: Key
  readonly issues: readonly BinIssue[]

  constructor(key: Key, issues: readonly BinIssue[]) {
    const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    super(`${key}: the bins are not what the schema of their data set says: ${list.join('; ')}`)
    this.key = key
    this.issues = issues
  }
}

/** A key of a data set that has a schema. */
class SchemaKey<B> extends Key<B> {
  // Private, so that a clone in another thread is plain data.
  readonly #options: SchemaOptions<B>

  constructor(
    namespace: string,
    setName: string,
    value: KeyValue | undefined,
    digest: Uint8Array | undefined,
    options: SchemaOptions<B>,
  ) {
    super(namespace, setName, value, digest)
    this.#options = options
  }

  /** By its class: asked of each row of a batch, `#options in key` was 3 % of its processor time, a look-up by name to the engine. */
  static optionsOf(key: Key): SchemaOptions<unknown> | undefined {
    return key instanceof SchemaKey ? key.#options : undefined
  }
}

/** A key of a data set that has a schema. @param value may be left out only when there is a digest */
export function keyWithSchema<B>(
  namespace: string,
  setName: string,
  value: KeyValue | undefined,
  digest: Uint8Array | undefined,
  options: SchemaOptions<B>,
): Key<B> {
  return new SchemaKey(namespace, setName, value, digest, options)
}

/** What `DataSet.of` was given, checked. @throws UsageError when it is no schema. */
export function checkSchema<B>(options: SchemaOptions<B>): SchemaOptions<B> {
  const standard = options.schema?.['~standard']
  if (typeof standard?.validate !== 'function' || standard.version !== 1) {
    throw new UsageError(
      "schema must follow the Standard Schema convention, version 1: an object with '~standard' in it",
    )
  }
  return options
}

/**
 * Judges what a plan writes whole: bins given, and bins set by operations. What operations compute on the server is not known
 * here, nor, when the verb updates, what the record holds already; nothing is said about such bins.
 *
 * @throws SchemaError for the first key whose schema finds something amiss.
 */
export function checkWrites(plan: RecordPlan, keys: KeyOrKeys): void {
  let judged: SchemaOptions<unknown> | undefined
  if (!Array.isArray(keys)) checkWrite(plan, keys as Key, judged)
  else for (const key of keys) judged = checkWrite(plan, key, judged)
}

/** @returns the schema that has judged, so that the next key need not be judged by the same one again */
function checkWrite(
  plan: RecordPlan,
  key: Key,
  judged: SchemaOptions<unknown> | undefined,
): SchemaOptions<unknown> | undefined {
  const options = SchemaKey.optionsOf(key)
  if (options === undefined || options === judged) return judged
  const { bins, isOpen } = written(plan)
  if (bins !== undefined) judge(options.schema, key, bins, isOpen)
  return options
}

/**
 * Judges the bins of a record that was read, when its data set asks for that.
 *
 * @param names of the bins that were asked for; `undefined` for all
 * @throws SchemaError when its schema finds something amiss.
 */
export function checkRead(key: Key, bins: object, names: readonly string[] | undefined): void {
  const options = SchemaKey.optionsOf(key)
  if (options?.validateReads !== true) return
  judge(options.schema, key, bins, (bin) => names !== undefined && !names.includes(bin))
}

interface Written {
  /** The bins of which the new value is known; `undefined` for a plan that writes none. */
  readonly bins: { readonly [bin: string]: unknown } | undefined
  /** Whether nothing is known of what the record will hold in a bin. */
  readonly isOpen: (bin: string) => boolean
}

const REPLACES: ReadonlySet<string> = new Set(['insert', 'replace', 'replaceIfExists'])
const WRITES: ReadonlySet<string> = new Set(['upsert', 'update', ...REPLACES])

function written(plan: RecordPlan): Written {
  const isWhole = REPLACES.has(plan.verb)
  const given = new Map<string, unknown>()
  const computed = new Set<string>()
  if (WRITES.has(plan.verb)) {
    for (const [bin, value] of Object.entries(plan.bins ?? {})) if (value !== undefined) given.set(bin, value)
    for (const { type, bin, value } of plan.operations ?? []) {
      if (type === OPERATION_TYPE.write) {
        given.set(bin, value)
        computed.delete(bin)
      } else if (isWriteOperation(type)) computed.add(bin)
    }
  }
  if (given.size === 0 && !isWhole) return { bins: undefined, isOpen: () => true }
  return {
    // `null` removes a bin: to the schema it is absent.
    bins: Object.fromEntries([...given].filter(([, value]) => value !== null)),
    isOpen: (bin) => computed.has(bin) || !(isWhole || given.has(bin)),
  }
}

function judge(schema: StandardSchema, key: Key, bins: object, isOpen: (bin: string) => boolean): void {
  const result = schema['~standard'].validate(bins)
  if (result instanceof Promise) {
    // Nobody waits for it.
    result.catch(() => undefined)
    throw new UsageError(
      `${key}: the schema answers with a promise; only schemas that answer at once can be attached to a data set`,
    )
  }
  if (result.issues === undefined) return
  const issues: BinIssue[] = []
  for (const { message, path = [] } of result.issues) {
    const steps = path.map((step) => (typeof step === 'object' ? step.key : step))
    if (steps.length === 0 || !isOpen(String(steps[0]))) issues.push({ path: pathText(steps), message })
  }
  if (issues.length > 0) throw new SchemaError(key, issues)
}

/** `tags[2].name`. */
function pathText(steps: readonly PropertyKey[]): string {
  let text = ''
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}
